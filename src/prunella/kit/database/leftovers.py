"""Clears away a server whose owner is gone, so that the next one can start."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from prunella.kit.database.processes import postmaster_of, servers_of

_LOOK_EVERY_S = 0.02
_KINDLY = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
_ORPHANED = ((signal.SIGQUIT, 1.0), (signal.SIGKILL, 5.0))
"""Backends of a killed server have nothing left to finish."""


def clear_leftovers(data: Path, *, mark: str, uid: int) -> None:
    """Only the lock's holder may call it: who still serves `data` then has lost its owner.

    The kernel has asked it to end; we ask again, for where it could not. `postmaster.pid` is
    removed when the server is gone, as PostgreSQL would take a stranger of that number for it.
    Should we be wrong, the server that starts still finds the shared memory in use, and refuses.
    """

    def postmaster() -> set[int]:
        return servers_of(mark, uid=uid) & {postmaster_of(data)}

    def everyone() -> set[int]:
        return servers_of(mark, uid=uid)

    _end(postmaster, steps=_KINDLY)
    _end(everyone, steps=_ORPHANED)
    if not everyone():
        (data / "postmaster.pid").unlink(missing_ok=True)


def _end(find: Callable[[], set[int]], *, steps: Sequence[tuple[signal.Signals, float]]) -> None:
    for signum, patience_s in steps:
        until = time.monotonic() + patience_s
        for pid in find():
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signum)
        while find() and time.monotonic() < until:
            time.sleep(_LOOK_EVERY_S)
