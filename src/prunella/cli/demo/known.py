"""One process of the demo, known by its id, so that it alone can be ended, as `kill -9` does."""

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def known(file: Path) -> Iterator[None]:
    """Keep our id in the file, which stays locked for as long as this process lives."""
    with file.open("a+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        held.truncate(0)
        held.write(f"{os.getpid()}\n")
        held.flush()
        yield


def end_known(file: Path) -> bool:
    """End it without a chance to tidy up. False when it lives no more: its id may be another's."""
    with file.open("r+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.kill(int(held.read()), signal.SIGKILL)
            return True
    return False
