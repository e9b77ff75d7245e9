"""Clears away a server whose owner is gone, so that the next one can start."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from prunella.kit.database.processes import postmaster_of, servers_of

_LOOK_EVERY_S = 0.02
_STEPS = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))


def clear_leftovers(data: Path, *, mark: str, uid: int) -> None:
    """Only the lock's holder may call it: who still serves `data` then has lost its owner.

    The kernel has asked it to end; we ask again, for where it could not. `postmaster.pid` is
    removed when the server is gone, as PostgreSQL would take a stranger of that number for it.
    Should we be wrong, the server that starts still finds the shared memory in use, and refuses.
    """
    for signum, patience_s in _STEPS:
        if not servers_of(mark, uid=uid):
            break
        _ask(signum, data, mark=mark, uid=uid)
        _wait_gone(mark, uid=uid, patience_s=patience_s)
    else:
        return
    (data / "postmaster.pid").unlink(missing_ok=True)


def _ask(signum: signal.Signals, data: Path, *, mark: str, uid: int) -> None:
    alive = servers_of(mark, uid=uid)
    postmaster = postmaster_of(data)
    if postmaster in alive:
        _signal(postmaster, signum)
        return
    for orphan in alive:  # backends of a killed server have nothing left to finish
        _signal(orphan, signal.SIGQUIT if signum == signal.SIGINT else signum)


def _signal(pid: int | None, signum: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if pid is not None:
            os.kill(pid, signum)


def _wait_gone(mark: str, *, uid: int, patience_s: float) -> None:
    until = time.monotonic() + patience_s
    while servers_of(mark, uid=uid) and time.monotonic() < until:
        time.sleep(_LOOK_EVERY_S)
