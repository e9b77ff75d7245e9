"""Which user the server runs as. PostgreSQL refuses to be root."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from prunella.kit.database.refusals import NoUserName, refuse_foreign

OWN_UID = 60832
"""Ours when we are root: between the ranges of people and of systemd, below 65536 so that
containers map it, and nobody else's, so that no other service may read or signal the server."""


@dataclass(frozen=True, slots=True)
class Account:
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """Whether we are root and have to change to it."""
        return self.uid != os.geteuid()

    def give(self, path: Path) -> None:
        """Make it the owner of `path`, which is ours."""
        if self.is_other:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def give_all(self, folder: Path) -> None:
        if not self.is_other:
            return
        for at, folders, files in os.walk(folder):
            for name in (*folders, *files):
                self.give(Path(at, name))
        self.give(folder)


def account_for(data: Path) -> Account:
    """Who runs the server on `data`: the data's owner, so that root may help a person out."""
    me = Account(uid=os.geteuid(), gid=os.getegid())
    owner = data.stat() if data.exists() else None
    if me.uid != 0:
        if owner and owner.st_uid != me.uid:
            raise refuse_foreign(data.parent, owner=owner.st_uid)
        return me
    if owner and owner.st_uid != 0:
        return Account(uid=owner.st_uid, gid=owner.st_gid)
    return Account(uid=OWN_UID, gid=OWN_UID)


def maker_for(account: Account) -> Account:
    """Who runs initdb: unlike the server it insists on a user that has a name."""
    if _has_name(account.uid):
        return account
    if not account.is_other:
        raise NoUserName(uid=account.uid)
    names = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    if not names:
        raise NoUserName(uid=account.uid)
    entry = names.get("nobody") or next(iter(names.values()))
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
