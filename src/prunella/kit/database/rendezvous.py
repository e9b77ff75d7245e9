"""Where server and clients meet: a unix socket in the data folder, or in a short private one.

A socket's path holds at most 107 bytes (103 on macOS), and libpq takes a comma for the start of
another host.
"""

import os
import stat
import sys
import tempfile
from pathlib import Path

from psycopg.conninfo import make_conninfo

from prunella.kit.database.account import Account
from prunella.kit.database.home import Home

PORT = 5432
"""No port is opened; it is part of the socket's name."""
USER = "prunella"
_SOCKET = f".s.PGSQL.{PORT}"
_LONGEST = 107 if sys.platform == "linux" else 103
_ROOM = len("/prunella-12345678/") + len(_SOCKET)


def conninfo(home: Home) -> str:
    """Names the password's file, not the password: this may be logged and handed on."""
    return make_conninfo(
        host=str(socket_path(home).parent),
        port=PORT,
        user=USER,
        dbname="postgres",
        passfile=str(home.password_file),
    )


def socket_path(home: Home) -> Path:
    if _fits(home.data / _SOCKET):
        return home.data / _SOCKET
    try:
        return Path(home.short_socket_folder.read_text()) / _SOCKET
    except FileNotFoundError:
        return home.data / _SOCKET


def prepare_socket_folder(home: Home, account: Account) -> str:
    """What the server is to use. It stands in the data folder, so that one is `.` to it."""
    if _fits(home.data / _SOCKET):
        return "."
    recorded = _recorded(home)
    if recorded is None or not _is_private(recorded, account):
        recorded = Path(tempfile.mkdtemp(prefix="prunella-", dir=_base(account)))
        account.give(recorded)
        home.short_socket_folder.write_text(str(recorded))
    return str(recorded)


def remove_socket_folder(home: Home) -> None:
    """Leaves no empty folder behind; the next owner makes it again under its name."""
    recorded = _recorded(home)
    if recorded is not None and not _fits(home.data / _SOCKET):
        try:
            recorded.rmdir()
        except OSError:
            return


def _recorded(home: Home) -> Path | None:
    try:
        return Path(home.short_socket_folder.read_text())
    except FileNotFoundError:
        return None


def _is_private(folder: Path, account: Account) -> bool:
    try:
        folder.mkdir(mode=0o700)
        account.give(folder)
    except FileExistsError:
        found = folder.lstat()
        return stat.S_ISDIR(found.st_mode) and (found.st_uid, found.st_mode & 0o777) == (
            account.uid,
            0o700,
        )
    except OSError:
        return False
    return True


def _base(account: Account) -> str:
    base = Path(tempfile.gettempdir())
    open_to_all = all(at.stat().st_mode & 0o001 for at in (base, *base.parents))
    is_short = len(os.fsencode(base)) + _ROOM <= _LONGEST and "," not in str(base)
    usable = is_short and (open_to_all or not account.is_other)
    return str(base) if usable else "/tmp"  # noqa: S108 a private folder is made in it


def _fits(path: Path) -> bool:
    return len(os.fsencode(path)) <= _LONGEST and "," not in str(path)
