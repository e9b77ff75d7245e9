"""Keeps the processes of `prunella serve` running, and ends them together."""

import asyncio
import logging
import signal
from asyncio.subprocess import Process
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from prunella.kit.tether import tether

_log = logging.getLogger(__name__)
_ENSURE_EVERY_S = 0.5
_LONGEST_PAUSE_S = 30.0


@dataclass(frozen=True, slots=True)
class Child:
    """A process to keep. `env` is its whole environment; None passes on ours."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient the supervisor is."""

    first_pause_s: float = 0.5
    settled_after_s: float = 60.0
    grace_s: float = 20.0

    def pause_s(self, ended_in_a_row: int) -> float:
        """How long to wait before the next start: none at first, then twice as long each time."""
        if ended_in_a_row == 0:
            return 0.0
        return min(self.first_pause_s * 2.0 ** min(ended_in_a_row - 1, 16), _LONGEST_PAUSE_S)


async def supervise(
    children: Sequence[Child],
    *,
    ensure: Callable[[], None] | None = None,
    pace: Pace | None = None,
) -> None:
    """Run until SIGTERM or SIGINT; a second one ends the children at once.

    A child that ends, in whatever way, is started again. When this process dies, the kernel ends
    the children. `ensure` (the embedded PostgreSQL's) is called twice a second in a thread.
    Call it from the main thread: the kernel watches the thread that starts a child.
    """
    supervisor = _Supervisor(pace or Pace())
    with _heard(supervisor.hear):
        async with asyncio.TaskGroup() as tasks:
            ensuring = tasks.create_task(supervisor.keep_ensuring(ensure or _nothing))
            async with asyncio.TaskGroup() as kept:
                for child in children:
                    kept.create_task(supervisor.keep(child))
            ensuring.cancel()


@contextmanager
def _heard(hear: Callable[[signal.Signals], None]) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    for signum in signals:
        loop.add_signal_handler(signum, hear, signum)
    try:
        yield
    finally:
        for signum in signals:
            loop.remove_signal_handler(signum)


def _nothing() -> None:
    """There is nothing to see to."""


def in_words(exit_code: int) -> str:
    """What an exit code means, as the end of a sentence about the process."""
    if exit_code >= 0:
        return f"ended by itself with exit code {exit_code}"
    try:
        return f"was ended by {signal.Signals(-exit_code).name}"
    except ValueError:
        return f"was ended by signal {-exit_code}"


class _Supervisor:
    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._stopping = asyncio.Event()
        self._at_once = asyncio.Event()

    def hear(self, signum: signal.Signals) -> None:
        if self._stopping.is_set():
            _log.warning("%s again: ending everything at once", signum.name)
            self._at_once.set()
        else:
            _log.info("%s: stopping", signum.name)
        self._stopping.set()

    async def keep(self, child: Child) -> None:
        """Start it again whenever it ends, until we stop."""
        loop = asyncio.get_running_loop()
        ended_in_a_row = 0
        while not self._stopping.is_set():
            started = loop.time()
            how = await self._run(child)
            if self._stopping.is_set():
                return
            if loop.time() - started > self._pace.settled_after_s:
                ended_in_a_row = 0
            pause_s = self._pace.pause_s(ended_in_a_row)
            ended_in_a_row += 1
            _log.warning("%s %s; starting it again in %.1f s", child.name, how, pause_s)
            await self._pause(pause_s)

    async def keep_ensuring(self, ensure: Callable[[], None]) -> None:
        """Until cancelled: the children need it also while they stop. Says each trouble once."""
        said = ""
        while True:
            try:
                await asyncio.to_thread(ensure)
                said = ""
            except Exception as error:  # noqa: BLE001 whatever it is, the children go on
                if str(error) != said:
                    _log.error("%s", error)
                said = str(error)
            await asyncio.sleep(_ENSURE_EVERY_S)

    async def _run(self, child: Child) -> str:
        """How it ended, in words."""
        argv = tether(child.argv, on_death=signal.SIGKILL)
        try:
            process = await asyncio.create_subprocess_exec(
                *argv, env=child.env, start_new_session=True
            )
        except OSError as error:
            return f"could not be started ({error})"
        _log.info("%s runs as process %d", child.name, process.pid)
        try:
            return in_words(await self._ending(child.name, process))
        finally:
            if process.returncode is None:
                process.kill()

    async def _ending(self, name: str, process: Process) -> int:
        """Its exit code, once it ended by itself or because we are stopping."""
        ended = asyncio.create_task(process.wait())
        if not await _first(ended, self._stopping.wait()):
            process.terminate()
            in_time = asyncio.timeout(self._pace.grace_s)
            with suppress(TimeoutError):
                async with in_time:
                    await _first(ended, self._at_once.wait())
        if not ended.done():
            _log.warning("%s did not stop when asked: ending it", name)
            process.kill()
        return await ended

    async def _pause(self, pause_s: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(pause_s):
                await self._stopping.wait()


async def _first(ended: asyncio.Task[int], other: Coroutine[Any, Any, object]) -> bool:
    """Waits for either; whether it was the end of the process."""
    waiting = asyncio.ensure_future(other)
    try:
        await asyncio.wait((ended, waiting), return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
    return ended.done()
