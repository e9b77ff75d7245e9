"""What keeps the processes of `prunella serve` running."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from prunella.kit.supervise import Pace, in_words

PROGRAM = Path(__file__).with_name("supervised.py")
WAIT_S = 120.0


@dataclass
class Serve:
    process: subprocess.Popen[str]
    folder: Path

    def notes(self, name: str, word: str) -> list[int]:
        """Process ids that noted this word, in order."""
        try:
            lines = (self.folder / name).read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):  # the second: it ended while being read
            return []
        return [int(line.split()[1]) for line in lines if line.startswith(word)]

    def nth(self, name: str, word: str, count: int) -> int:
        eventually(lambda: len(self.notes(name, word)) >= count)
        return self.notes(name, word)[count - 1]

    def said(self) -> str:
        return (self.folder / "said").read_text()


def eventually(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < until, "it never came to pass"
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"
    except (FileNotFoundError, ProcessLookupError):  # the second: it ended while being read
        return True


@pytest.fixture
def serve(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Serve]:
    how = getattr(request, "param", "polite")
    with (tmp_path / "said").open("w") as said:
        process = subprocess.Popen(  # noqa: S603 our own program
            [sys.executable, str(PROGRAM), str(tmp_path), how], stderr=said, text=True
        )
    yield Serve(process, tmp_path)
    process.kill()
    process.wait()


def test_a_child_that_is_killed_is_started_again_and_the_other_left_alone(serve: Serve) -> None:
    web = serve.nth("web", "started", 1)
    worker = serve.nth("worker", "started", 1)
    for count in (2, 3):
        os.kill(serve.nth("web", "started", count - 1), signal.SIGKILL)
        assert serve.nth("web", "started", count) != web
    assert serve.notes("worker", "started") == [worker]
    assert "web was ended by SIGKILL; starting it again in 0.0 s" in serve.said()
    assert "web was ended by SIGKILL; starting it again in 0.1 s" in serve.said()


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_asks_each_child_and_waits(serve: Serve, signum: signal.Signals) -> None:
    children = {name: serve.nth(name, "started", 1) for name in ("web", "worker")}
    serve.process.send_signal(signum)
    assert serve.process.wait(WAIT_S) == 0
    assert {name: serve.notes(name, "asked") for name in children} == {
        name: [pid] for name, pid in children.items()
    }


@pytest.mark.parametrize("serve", ["deaf"], indirect=True)
def test_a_child_that_does_not_stop_is_ended(serve: Serve) -> None:
    worker = serve.nth("worker", "started", 1)
    serve.nth("web", "started", 1)
    serve.process.terminate()
    assert serve.process.wait(WAIT_S) == 0
    assert is_gone(worker)
    assert "worker did not stop when asked: ending it" in serve.said()


def test_the_children_die_with_the_supervisor(serve: Serve) -> None:
    children = [serve.nth(name, "started", 1) for name in ("web", "worker")]
    serve.process.kill()
    eventually(lambda: all(is_gone(pid) for pid in children))


def test_what_must_be_ensured_is_tried_again_and_its_trouble_said_once(serve: Serve) -> None:
    eventually((serve.folder / "ensured").exists)
    eventually(lambda: len((serve.folder / "ensured").read_text().splitlines()) >= 3)
    assert serve.said().count("the disk is full") == 1
    assert serve.process.poll() is None


def test_the_pauses_grow_and_end_somewhere() -> None:
    pauses = [Pace().pause_s(count) for count in (0, 1, 2, 3, 7, 1000)]
    assert pauses == [0.0, 0.5, 1.0, 2.0, 30.0, 30.0]


@pytest.mark.parametrize(
    ("code", "words"),
    [(3, "ended by itself with exit code 3"), (-15, "was ended by SIGTERM"), (-99, "signal 99")],
)
def test_how_it_ended_in_words(code: int, words: str) -> None:
    assert words in in_words(code)
