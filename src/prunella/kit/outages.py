"""A database that is away for a while: whoever works waits until it answers, and goes on.

One asks for all, so a server that has just come back is not met by every loop at once.
"""

import asyncio
import math
import random
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import structlog
from procrastinate.exceptions import ConnectorException
from psycopg import OperationalError

from prunella.kit.pump import is_cancelled

log = structlog.get_logger()
T = TypeVar("T")

FIRST_WAIT_S = 0.1
LONGEST_WAIT_S = 2.0
ASK_FOR_S = 10.0
MAX_WHY = 200


class Outages:
    """Made once for a process. `ask` is what a fresh one would ask the database before it begins.

    It raises psycopg's OperationalError while that is away, anything else where waiting is no use.
    """

    def __init__(self, ask: Callable[[], Awaitable[None]]) -> None:
        self._ask = ask
        self._asking = asyncio.Lock()
        self._answered_at = -math.inf

    def outlast(self, work: Callable[[], Awaitable[T]]) -> Callable[[], Coroutine[Any, Any, T]]:
        """The same work, begun anew for as long as the database fails it; other errors end it.

        It runs in a task of its own: one whose TaskGroup failed counts as cancelled from then on,
        before Python 3.13, and nobody could tell that from being stopped.
        """

        async def outlasting() -> T:
            pause_s = 0.0
            while True:
                try:
                    return await asyncio.ensure_future(work())
                except Exception as error:
                    if is_cancelled() or not is_of_database(error):
                        raise
                    await self._wait_until_it_answers(error)
                await asyncio.sleep(pause_s)
                pause_s = _longer(pause_s)

        return outlasting

    async def _wait_until_it_answers(self, error: Exception) -> None:
        noticed = time.monotonic()
        async with self._asking:
            if self._answered_at < noticed:
                log.warning("the database failed us, asking until it answers", why=_why(error))
                await self._ask_until_it_answers()
                self._answered_at = time.monotonic()
                log.warning("the database answers", after_s=round(self._answered_at - noticed, 1))

    async def _ask_until_it_answers(self) -> None:
        wait_s = 0.0
        while not await self._answers():
            wait_s = _longer(wait_s)
            await asyncio.sleep(wait_s)

    async def _answers(self) -> bool:
        try:
            async with asyncio.timeout(ASK_FOR_S):
                await self._ask()
        except (OperationalError, TimeoutError):
            if is_cancelled():
                raise asyncio.CancelledError from None
            return False
        return True


def is_of_database(error: BaseException) -> bool:
    """Whether the database itself failed, or the way to it: not what it was asked."""
    if isinstance(error, BaseExceptionGroup):
        return all(is_of_database(one) for one in error.exceptions)
    if isinstance(error, ConnectorException):  # what the job queue makes of every error
        return error.__cause__ is not None and is_of_database(error.__cause__)
    return isinstance(error, OperationalError)


def _longer(pause_s: float) -> float:
    longer_s = min(max(2 * pause_s, FIRST_WAIT_S), LONGEST_WAIT_S)
    return longer_s * random.uniform(0.7, 1.3)  # noqa: S311 jitter


def _why(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return " ".join(f"{type(error).__name__}: {error}".split())[:MAX_WHY]
