"""Starts a server on data that is there, and waits until it takes connections."""

import time

from prunella.kit.database import store
from prunella.kit.database.account import account_for
from prunella.kit.database.binaries import binaries_for
from prunella.kit.database.home import Home
from prunella.kit.database.leftovers import clear_leftovers
from prunella.kit.database.postmaster import Postmaster
from prunella.kit.database.refusals import DiskFull, StartFailed
from prunella.kit.database.rendezvous import conninfo, prepare_socket_folder, socket_path
from prunella.kit.database.server_settings import server_settings

LOOK_EVERY_S = 0.02
PATIENCE_S = 300.0
"""Long enough to recover from a crash with all the log that the settings let it keep."""
_NOT_YET = ("already exists", "still in use")
"""How it refuses while processes of the server before are on their way out."""


def ask(home: Home) -> str | None:
    """None when the server takes connections, else why it does not."""
    if not socket_path(home).exists():
        return "there is no socket"
    answer = store.answer(conninfo(home))
    if answer is None or ("FATAL" in answer and not is_busy(answer)):
        return None  # it refuses this one connection (too many clients): it is up
    return answer


def is_busy(answer: str) -> bool:
    """Starting, recovering or stopping: waiting helps."""
    return "the database system is" in answer


def start_server(home: Home, *, durable: bool) -> Postmaster:
    """Only the lock's holder may call it."""
    until = time.monotonic() + PATIENCE_S
    while True:
        said_before = home.log.stat().st_size if home.log.exists() else 0
        postmaster = _launch(home, durable=durable)
        if _came_up(home, postmaster, until=until):
            return postmaster
        said = home.log.read_bytes()[said_before:].decode(errors="replace")
        if time.monotonic() > until or not any(words in said for words in _NOT_YET):
            raise _failed(home, said)
        time.sleep(LOOK_EVERY_S)


def _launch(home: Home, *, durable: bool) -> Postmaster:
    account = account_for(home.data)
    if home.data.stat().st_uid != account.uid:
        account.give_all(home.data)  # a copy that root made
    clear_leftovers(home.data, mark=home.mark, uid=account.uid)
    with home.open_log() as log:
        return Postmaster(
            binaries_for(account).postgres,
            data=home.data,
            settings=server_settings(
                durable=durable,
                socket_folder=prepare_socket_folder(home, account),
                mark=home.mark,
            ),
            account=account,
            log=log,
        )


def _came_up(home: Home, postmaster: Postmaster, *, until: float) -> bool:
    while postmaster.is_running:
        if ask(home) is None:
            return postmaster.is_running
        if time.monotonic() > until:
            postmaster.stop()
        time.sleep(LOOK_EVERY_S)
    return False


def _failed(home: Home, said: str) -> DiskFull | StartFailed:
    if "No space left" in said:
        return DiskFull(folder=home.folder)
    fatal = [line for line in said.splitlines() if "FATAL" in line or "PANIC" in line]
    last = (fatal or said.splitlines() or ["it said nothing"])[-1]
    return StartFailed(folder=home.folder, why=last.strip(), log=home.log)
