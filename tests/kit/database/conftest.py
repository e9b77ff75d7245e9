"""Processes that share one embedded PostgreSQL, and a writer that notes what was acknowledged."""

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest

import prunella
from prunella.kit.database.home import Home
from prunella.kit.database.processes import postmaster_of, servers_of

ACTOR = Path(__file__).with_name("actor.py")
WAIT_S = 120.0
PACKAGES = {str(Path(module.__file__ or "").parents[1]) for module in (prunella, psycopg)}
ENV = {"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(PACKAGES)}  # HOME is unset


def eventually(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < until, "it never came to pass"
        time.sleep(0.02)


@dataclass
class Actor:
    """One process on the folder. `reply` is what it said about its start."""

    process: subprocess.Popen[str]
    answer: dict[str, Any] | None = None

    @property
    def reply(self) -> dict[str, Any]:
        if self.answer is None:
            assert self.process.stdout
            self.answer = json.loads(self.process.stdout.readline())
        return self.answer

    @property
    def conninfo(self) -> str:
        assert "conninfo" in self.reply, self.reply
        return str(self.reply["conninfo"])

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def leave(self) -> None:
        """End it as it would end by itself."""
        assert self.process.stdin
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait(WAIT_S)


@dataclass(frozen=True)
class Crew:
    """Starts actors as one user, on folders where that user may write."""

    user: int
    where: Path
    actors: list[Actor]

    def start(
        self,
        folder: Path,
        *,
        cwd: Path | None = None,
        user: int | None = None,
        through: tuple[str, ...] = (),
    ) -> Actor:
        uid = self.user if user is None else user
        process = subprocess.Popen(  # noqa: S603 our own program
            [*through, _python_of(uid), str(ACTOR), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=cwd or self.where,
            env=ENV,
            **_as(uid),
        )
        self.actors.append(Actor(process))
        return self.actors[-1]

    def make(self, name: str, *, mode: int = 0o700) -> Path:
        """A folder of the user's."""
        folder = self.where / name
        folder.mkdir()
        os.chown(folder, self.user, -1)
        folder.chmod(mode)
        return folder

    def servers(self, folder: Path) -> set[int]:
        home = Home(folder)
        return servers_of(home.mark, uid=home.data.stat().st_uid)

    def postmaster(self, folder: Path) -> int:
        pid = postmaster_of(folder / "data")
        assert pid is not None
        return pid

    def kill_everything(self, folder: Path) -> None:
        for actor in self.actors:
            actor.kill()
        while servers := self.servers(folder):
            for pid in servers:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


@cache
def _python_of(user: int) -> str:
    """An interpreter that the user can reach; ours may lie in a closed folder."""
    for python in (sys.executable, "/usr/bin/python3"):
        with suppress(OSError, subprocess.SubprocessError):
            subprocess.run(  # noqa: S603 an interpreter
                [python, "-c", "import prunella.kit.database"],
                check=True,
                cwd="/",
                env=ENV,
                stderr=subprocess.DEVNULL,
                **_as(user),
            )
            return python
    pytest.skip("an ordinary user cannot reach this project, or no Python of this version")


def _as(user: int) -> dict[str, Any]:
    return {} if user == os.geteuid() else {"user": user, "extra_groups": []}


def _ordinary_user() -> int:
    if os.geteuid() != 0:
        pytest.skip("the other tests run as an ordinary user already")
    return pwd.getpwnam("nobody").pw_uid


@pytest.fixture
def crew(request: pytest.FixtureRequest) -> Iterator[Crew]:
    """Of this process's user, or of another by indirect parameter."""
    ordinary = getattr(request, "param", "me") == "ordinary"
    user = _ordinary_user() if ordinary else os.geteuid()
    _python_of(user)
    where = Path(tempfile.mkdtemp(prefix="crew-"))
    os.chown(where, user, -1)
    actors: list[Actor] = []
    yield Crew(user, where, actors)
    for actor in reversed(actors):
        actor.leave()
        assert actor.process.stdout
        actor.process.stdout.close()
    shutil.rmtree(where)


@dataclass
class Writer:
    """Commits numbers one by one, through every fault, and keeps those that were acknowledged."""

    conninfo: str
    acknowledged: list[int]
    stopping: threading.Event

    def write(self) -> None:
        number = 0
        while not self.stopping.is_set():
            with suppress(psycopg.Error), psycopg.connect(self.conninfo, autocommit=True) as conn:
                while not self.stopping.is_set():
                    number += 1
                    conn.execute("insert into written values (%s)", (number,))
                    self.acknowledged.append(number)
            time.sleep(0.01)

    def goes_on(self) -> None:
        """Wait until it has got further than now."""
        count = len(self.acknowledged) + 20
        eventually(lambda: len(self.acknowledged) >= count)

    def lost(self) -> set[int]:
        """Ask the server that runs next: the writer may have got on with one that was dying."""
        acknowledged = set(self.acknowledged)
        eventually(self._is_answered)
        with psycopg.connect(self.conninfo) as conn:
            rows = conn.execute("select number from written").fetchall()
        return acknowledged - {number for (number,) in rows}

    def _is_answered(self) -> bool:
        with suppress(psycopg.OperationalError), psycopg.connect(self.conninfo):
            return True
        return False


@pytest.fixture
def write_to() -> Iterator[Callable[[str], Writer]]:
    running: list[tuple[Writer, threading.Thread]] = []

    def start(conninfo: str) -> Writer:
        with psycopg.connect(conninfo, autocommit=True) as conn:
            conn.execute("create table written (number bigint not null)")
        writer = Writer(conninfo, [], threading.Event())
        running.append((writer, threading.Thread(target=writer.write)))
        running[-1][1].start()
        return writer

    yield start
    for writer, thread in running:
        writer.stopping.set()
        thread.join()
