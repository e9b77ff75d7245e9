"""PostgreSQL's own pg_dump, pg_restore and psql, from the wheel that also brings the server."""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import IO

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from prunella.kit.backup.errors import DumpFailedError
from prunella.kit.database.account import Account
from prunella.kit.database.binaries import binaries_for

_WHAT = ("--no-owner", "--no-privileges", "--no-publications", "--no-subscriptions")
_NOT_KNOWN_BEFORE_17 = b"SET transaction_timeout = 0;"
_HEADER_LINES = 40
_SAID_BYTES = 2_000
_CHUNK_BYTES = 1 << 20


@contextmanager
def dump(url: str, *, snapshot: str) -> Iterator[IO[bytes]]:
    """The dump as a stream. Raises `DumpFailedError` at its end, unless it is whole."""
    address, env = _apart(url)
    wanted = ("--format=custom", "--exclude-extension=*", f"--snapshot={snapshot}", *_WHAT)
    argv = [_program("pg_dump"), f"--dbname={address}", "--no-password", *wanted]
    with _running(argv, env=env, stdin=subprocess.DEVNULL) as process:
        yield _stdout(process)


def pour(url: str, dumped: IO[bytes]) -> None:
    """Put a dump into the database at `url`, whole or not at all."""
    address, env = _apart(url)
    script = [_program("pg_restore"), "--file=-", *_WHAT]
    psql = [_program("psql"), f"--dbname={address}", "--no-password", "--no-psqlrc", "--quiet"]
    psql += ["--set=ON_ERROR_STOP=1", "--file=-"]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(  # noqa: S603 our own program
            psql, env=env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said
        ) as process,
    ):
        try:
            _feed(process, script, dumped)
        except BrokenPipeError:  # it has stopped and said why
            process.wait()
        finally:
            _close(process.stdin)
        if process.wait() != 0:
            raise DumpFailedError(details=_words(said))


def _feed(psql: "subprocess.Popen[bytes]", script: Sequence[str], dumped: IO[bytes]) -> None:
    """What is not committed in the end was never there: also when the script breaks off."""
    into = psql.stdin
    if into is None:
        raise DumpFailedError
    into.write(b"begin;\n")
    with _running(script, env=_plain(), stdin=dumped) as lines:
        out = _stdout(lines)
        for line in islice(out, _HEADER_LINES):
            if not line.startswith(_NOT_KNOWN_BEFORE_17):
                into.write(line)
        while chunk := out.read(_CHUNK_BYTES):
            into.write(chunk)
    into.write(b"commit;\n")
    into.flush()


@contextmanager
def _running(
    argv: Sequence[str], *, env: dict[str, str], stdin: "IO[bytes] | int"
) -> "Iterator[subprocess.Popen[bytes]]":
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(  # noqa: S603 our own program
            argv, env=env, stdin=stdin, stdout=subprocess.PIPE, stderr=said
        ) as process,
    ):
        try:
            yield process
        except BaseException:
            process.kill()
            raise
        if process.wait() != 0:
            raise DumpFailedError(details=_words(said))


def _stdout(process: "subprocess.Popen[bytes]") -> IO[bytes]:
    if process.stdout is None:
        raise DumpFailedError
    return process.stdout


def _close(stream: IO[bytes] | None) -> None:
    try:
        if stream is not None:
            stream.close()
    except BrokenPipeError:
        return


def _words(said: IO[bytes]) -> str:
    said.seek(0)
    return said.read(_SAID_BYTES).decode(errors="replace").strip()


def _program(name: str) -> str:
    """As ourselves, so no copy for another user is needed."""
    me = Account(uid=os.geteuid(), gid=os.getegid())
    return str(binaries_for(me).folder / name)


def _apart(url: str) -> tuple[str, dict[str, str]]:
    """The address without its password, which travels in the environment: others see arguments."""
    parts = conninfo_to_dict(url)
    password = parts.pop("password", None)
    env = _plain() | ({"PGPASSWORD": str(password)} if password else {})
    return make_conninfo("", **parts), env


def _plain() -> dict[str, str]:
    """Our environment without our own secrets."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PRUNELLA_")}
