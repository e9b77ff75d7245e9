"""The PostgreSQL that comes with prunella, on a folder of its own."""

import logging
import threading
import time
from pathlib import Path

from prunella.kit.database.account import account_for
from prunella.kit.database.binaries import binaries_for
from prunella.kit.database.home import Home
from prunella.kit.database.initialise import initialise
from prunella.kit.database.lock import OwnerLock
from prunella.kit.database.postmaster import Postmaster
from prunella.kit.database.refusals import DataGone, OwnerNotAnswering, explained
from prunella.kit.database.rendezvous import conninfo, remove_socket_folder, socket_path
from prunella.kit.database.server import LOOK_EVERY_S, PATIENCE_S, ask, is_busy, start_server

_log = logging.getLogger(__name__)


class EmbeddedPostgres:
    """One server a folder, owned by the first process that asks; the others attach to it.

    The owner starts the server as its child, so it ends when the owner ends, in whatever way.
    Whoever calls `ensure()` from time to time takes over when the owner is gone. All calls are
    synchronous, safe from any thread, and refuse with a `PostgresRefusal` that a person may read.
    `durable=False` is for tests: it trades what a power cut would take for speed.
    `patience_s` bounds the wait for an owner that does not answer.
    """

    def __init__(self, folder: Path, *, durable: bool = True, patience_s: float = 30.0) -> None:
        self._home = Home(folder.resolve())
        self._durable = durable
        self._patience_s = patience_s
        self._lock = OwnerLock(self._home.lock)
        self._postmaster: Postmaster | None = None
        self._turn = threading.RLock()

    @property
    def is_owner(self) -> bool:
        return self._lock.is_ours

    @property
    def conninfo(self) -> str:
        """For psycopg; the same for every process, and across restarts. Holds no secret."""
        return conninfo(self._home)

    def attach_or_start(self) -> str:
        """The conninfo of a server that takes connections, started if there was none."""
        with self._turn, explained(self._home.folder):
            self._home.make()
            if not self._is_well() and not self._attach():
                self._start(may_initialise=True)
            return self.conninfo

    def ensure(self) -> None:
        """See to it that the server runs. Cheap while it does, so call it every half second."""
        with self._turn, explained(self._home.folder):
            if self._is_well() or not self._lock.take():
                return
            _log.warning("PostgreSQL in %s is down; starting it", self._home.folder)
            self._start(may_initialise=False)

    def stop(self) -> None:
        """End the server if it is ours: open transactions are rolled back, no row is lost."""
        with self._turn:
            if not self._lock.is_ours:
                return
            if self._postmaster is not None:
                self._postmaster.stop()
                self._postmaster = None
                remove_socket_folder(self._home)
            self._lock.release()

    def _is_well(self) -> bool:
        if self._postmaster is None or not self._postmaster.is_running:
            return False
        if not socket_path(self._home).exists():
            _log.warning("the socket of PostgreSQL in %s was removed", self._home.folder)
            return False
        self._home.trim_log()
        return True

    def _attach(self) -> bool:
        """False when nobody owns the server: then the lock is ours now."""
        since = time.monotonic()
        while not self._lock.take():
            answer = ask(self._home)
            if answer is None:
                return True
            patience_s = PATIENCE_S if is_busy(answer) else self._patience_s
            if time.monotonic() - since > patience_s:
                raise OwnerNotAnswering(folder=self._home.folder, pid=self._lock.holder())
            time.sleep(LOOK_EVERY_S)
        return False

    def _start(self, *, may_initialise: bool) -> None:
        """We hold the lock, and give it back when we fail: another may do better."""
        try:
            if self._postmaster is not None:
                self._postmaster.stop()
            self._prepare_data(may_initialise=may_initialise)
            self._postmaster = start_server(self._home, durable=self._durable)
        except BaseException:
            self._postmaster = None
            self._lock.release()
            raise

    def _prepare_data(self, *, may_initialise: bool) -> None:
        if self._home.data.exists():
            self._home.check_version()
            return
        if not may_initialise:
            raise DataGone(folder=self._home.folder)
        account = account_for(self._home.data)
        binaries = binaries_for(account)
        initialise(self._home, binaries=binaries, account=account, durable=self._durable)
