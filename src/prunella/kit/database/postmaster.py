"""The server's first process, as our child."""

import os
import signal
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from prunella.kit.database.account import Account
from prunella.kit.database.standing import data_argument
from prunella.kit.tether import tether

_STEPS = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))


class Postmaster:
    """Started and waited for by a thread of its own.

    The kernel ends the server with the thread that started it, and that may be one of a pool.
    Its session is its own, so that Ctrl-C in a terminal reaches us and not it.
    """

    def __init__(
        self,
        program: str,
        *,
        data: Path,
        settings: Mapping[str, str],
        account: Account,
        log: IO[bytes],
    ) -> None:
        options = [word for pair in settings.items() for word in ("-c", "=".join(pair))]
        self._argv = tether(
            [program, "-D", data_argument(data), *options],
            on_death=signal.SIGINT,
            cwd=data,
            uid=account.uid,
            gid=account.gid,
        )
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._failure: OSError | None = None
        self._started = threading.Event()
        self._ended = threading.Event()
        threading.Thread(target=self._keep, name="postgres", daemon=True).start()
        self._started.wait()
        if self._failure is not None:
            raise self._failure

    @property
    def is_running(self) -> bool:
        return not self._ended.is_set()

    def stop(self) -> None:
        """Roll back what is open, write everything down, end; then less and less kindly."""
        for signum, patience_s in _STEPS:
            self._send(signum)
            if self._ended.wait(patience_s):
                return

    def _send(self, signum: signal.Signals) -> None:
        if self._process is not None and self.is_running:
            self._process.send_signal(signum)

    def _keep(self) -> None:
        try:
            self._process = subprocess.Popen(  # noqa: S603 our own program
                self._argv,
                env={"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath},  # none of our secrets
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                start_new_session=True,
            )
        except OSError as failure:
            self._failure = failure
            self._ended.set()
        self._started.set()
        if self._process is not None:
            self._process.wait()
            self._ended.set()
