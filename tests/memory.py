"""A place in memory for the databases of tests: copying one takes a tenth of the work there."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.seeds import FULL

MEMORY = Path("/dev/shm")  # noqa: S108 folders made in it are ours alone
PREFIX = f"prunella-tests-{os.geteuid()}-"
"""Of one user: what another's tests keep there is theirs, and closed to us."""
ROOM = 1 << 30
"""Several times what the server of one test process takes."""


@contextmanager
def in_memory(otherwise: Path) -> Iterator[Path]:
    """An empty folder in memory, or `otherwise` where there is too little room in it."""
    if not _has_room():
        yield otherwise
        return
    with _alone():
        _sweep()
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=MEMORY))
        held = _hold(folder)
    assert held is not None
    try:
        yield folder / otherwise.name
    finally:
        shutil.rmtree(folder)
        os.close(held)


def _has_room() -> bool:
    """For as many test processes as there are processors; full numbers write more than that."""
    if FULL or not os.access(MEMORY, os.W_OK | os.X_OK):
        return False
    return shutil.disk_usage(MEMORY).free > ROOM * (os.cpu_count() or 1)


@contextmanager
def _alone() -> Iterator[None]:
    """No other test process makes or sweeps one meanwhile."""
    with Path(MEMORY, f".{PREFIX}turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def _sweep() -> None:
    """Take away what a test process left that was killed."""
    for folder in MEMORY.glob(f"{PREFIX}*"):
        if held := _hold(folder):
            shutil.rmtree(folder, ignore_errors=True)
            os.close(held)


def _hold(folder: Path) -> int | None:
    """None where a living process holds it. A lock ends with its process."""
    found = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(found)
        return None
    return found
