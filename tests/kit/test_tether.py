"""A tethered command ends when the process that started it is killed."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from prunella.kit.tether import tether

OWNER = """
import signal, subprocess, sys
from prunella.kit.tether import tether
argv = tether(["sleep", "600"], on_death=signal.SIGKILL, by_watcher=sys.argv[1] == "watcher")
print(subprocess.Popen(argv).pid, flush=True)
signal.pause()
"""


def _has_ended(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123 a file of the kernel's
            return stat.read().split()[2] == "Z"
    except (FileNotFoundError, ProcessLookupError):  # the second: it ended while being read
        return True


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("how", ["kernel", "watcher"])
def test_it_ends_with_its_owner(how: str) -> None:
    owner = subprocess.Popen(  # noqa: S603 our own program
        [sys.executable, "-c", OWNER, how], stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout
    command = int(owner.stdout.readline())
    assert not _has_ended(command)
    owner.kill()
    owner.wait()
    owner.stdout.close()
    until = time.monotonic() + 120
    while not _has_ended(command):
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.parametrize("by_watcher", [False, True])
def test_it_becomes_the_command_itself(by_watcher: bool) -> None:  # noqa: FBT001 a parameter
    argv = tether(
        ["sh", "-c", 'echo $$ "$@"', "sh", "two words"],
        on_death=signal.SIGKILL,
        by_watcher=by_watcher,
    )
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)  # noqa: S603 our own words
    said, _ = process.communicate()
    assert said == f"{process.pid} two words\n"


def test_it_does_not_start_for_an_owner_that_is_gone() -> None:
    argv = tether(["echo", "started"], on_death=signal.SIGKILL)
    at = argv.index(str(os.getpid()))
    argv[at] = "1"
    with suppress(FileNotFoundError):
        done = subprocess.run(argv, capture_output=True, check=False)  # noqa: S603 our own words
        assert (done.returncode, done.stdout) == (1, b"")
