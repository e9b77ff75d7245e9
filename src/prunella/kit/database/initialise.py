"""Makes an empty database, whole or not at all: under another name first, then renamed."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import IO

from prunella.kit.database.account import Account, maker_for
from prunella.kit.database.binaries import Binaries
from prunella.kit.database.home import Home
from prunella.kit.database.refusals import CannotLeaveRoot, DiskFull, StartFailed
from prunella.kit.database.rendezvous import USER
from prunella.kit.database.standing import data_argument
from prunella.kit.tether import tether

_DRAFT = "data.new."
_NEEDS_BYTES = 100 * 1024 * 1024
_OPTIONS = (
    *("--username", USER, "--auth", "scram-sha-256", "--encoding", "UTF8", "--data-checksums"),
    *("--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
    *("--text-search-config", "english", "--no-instructions"),
    # the password is 256 random bits: rounds against guessing would only slow each connection
    *("--set", "scram_iterations=1"),
)


def initialise(home: Home, *, binaries: Binaries, account: Account, durable: bool) -> None:
    """Only the lock's holder may call it."""
    _clear_drafts(home)
    if shutil.disk_usage(home.folder).free < _NEEDS_BYTES:
        raise DiskFull(folder=home.folder)
    draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=home.folder))
    maker = maker_for(account)
    _give(maker, draft)
    password = secrets.token_urlsafe(32)
    options = _OPTIONS if durable else (*_OPTIONS, "--no-sync")
    with tempfile.TemporaryFile("w") as file:
        _write_for(maker, file, password)
        argv = [binaries.initdb, "-D", data_argument(draft), *options]
        argv += ["--pwfile", f"/dev/fd/{file.fileno()}"]
        _run(home, argv, draft=draft, maker=maker, keep=file.fileno())
    _write_password_file(draft / home.password_file.name, password)
    account.give_all(draft)
    _sync(draft)
    draft.rename(home.data)
    _sync(home.folder)


def _clear_drafts(home: Home) -> None:
    for draft in home.folder.glob(f"{_DRAFT}*"):
        shutil.rmtree(draft, ignore_errors=True)


def _give(maker: Account, draft: Path) -> None:
    try:
        maker.give(draft)
    except OSError as error:
        raise CannotLeaveRoot(why=error.strerror) from error


def _write_for(maker: Account, file: IO[str], password: str) -> None:
    """A file without a name, reached by its number: nobody else can open it."""
    if maker.is_other:
        os.fchown(file.fileno(), maker.uid, maker.gid)
    file.write(password)
    file.flush()
    file.seek(0)


def _run(home: Home, argv: list[str], *, draft: Path, maker: Account, keep: int) -> None:
    done = subprocess.run(  # noqa: S603 our own program
        tether(argv, on_death=signal.SIGKILL, uid=maker.uid, gid=maker.gid, cwd=draft),
        env={"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath},
        pass_fds=[keep],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode != 0:
        shutil.rmtree(draft, ignore_errors=True)
        raise _failed(home, done.stdout.decode(errors="replace"))


def _failed(home: Home, said: str) -> DiskFull | StartFailed:
    with home.open_log() as log:
        log.write(said.encode())
    if "No space left" in said:
        return DiskFull(folder=home.folder)
    return StartFailed(folder=home.folder, why=" ".join(said.split())[-300:], log=home.log)


def _write_password_file(path: Path, password: str) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "w") as file:
        file.write(f"*:*:*:{USER}:{password}\n")
        file.flush()
        os.fsync(fd)


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
