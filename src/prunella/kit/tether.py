"""Runs a command that ends when the process which started it ends, in whatever way.

`tether()` gives the argument list to spawn; this file, run as a script, then turns itself into
the command, so the process id stays the one that was spawned. A script between the two, because
code between fork and exec of a threaded process may hang.

On Linux the kernel sends the signal (PR_SET_PDEATHSIG). It watches the *thread* that spawned, so
spawn from one that lives as long as the command should. It forgets across a change of user, so
users are changed first. Elsewhere a small watcher beside the command looks twice a second.
"""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LOOK_EVERY_S = 0.5
_UNCHANGED = -1


def tether(
    argv: Sequence[str],
    *,
    on_death: signal.Signals,
    uid: int = _UNCHANGED,
    gid: int = _UNCHANGED,
    cwd: Path | None = None,
    by_watcher: bool = sys.platform != "linux",
) -> list[str]:
    """The argument list that runs `argv` so that it gets `on_death` when this process dies.

    `cwd` is entered before the user is changed: the command may then stand in a folder whose
    parents it could not have walked through.
    """
    terms = [os.getpid(), int(on_death), uid, gid, int(by_watcher), cwd or "."]
    return [sys.executable, "-I", "-S", __file__, *map(str, terms), *argv]


def _become(terms: Sequence[str], argv: list[str]) -> None:
    owner, signum, uid, gid, by_watcher = map(int, terms[:5])
    os.chdir(terms[5])
    _change_user(uid=uid, gid=gid)
    if by_watcher:
        _leave_watcher(owner=owner, signum=signum)
    else:
        _ask_kernel(owner=owner, signum=signum)
    os.execvp(argv[0], argv)  # noqa: S606 no shell is wanted


def _change_user(*, uid: int, gid: int) -> None:
    if uid in (_UNCHANGED, os.geteuid()):
        return
    os.umask(0o077)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def _ask_kernel(*, owner: int, signum: int) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signum, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != owner:
        sys.exit("the process that asked for this one is gone already")


def _leave_watcher(*, owner: int, signum: int) -> None:
    command = os.getpid()
    if os.fork() != 0:
        return
    os.setsid()
    while os.getppid() == command:
        if not _is_alive(owner):
            os.kill(command, signum)
            break
        time.sleep(_LOOK_EVERY_S)
    os._exit(0)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    _become(sys.argv[1:7], sys.argv[7:])
