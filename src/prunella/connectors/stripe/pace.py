"""How fast we may ask: a token bucket that serves its callers in the order they came."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable

MIN_PER_S = 0.5
MAX_PAUSE_S = 60.0
_FIRST_PAUSE_S = 0.5
_NOTHING_S = 1e-6
_RECOVERY = 1.02
"""Each answer that is not a 429 brings the rate 2 % up again, after each 429 halved it."""


class Pace:
    """At most `per_s` requests a second over time, a fifth of it at once.

    After a 429 nobody goes before the pause is over. Time can be passed in, for tests that live
    through ten minutes in one second.
    """

    def __init__(
        self,
        per_s: float,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._top_per_s = self._per_s = per_s
        self._burst = max(1.0, per_s / 5)
        self._tokens = self._burst
        self._monotonic = monotonic
        self._sleep = sleep
        self._filled_at = monotonic()
        self._closed_until = self._filled_at
        self._line = asyncio.Lock()  # wakes its waiters first come, first served

    @property
    def per_s(self) -> float:
        return self._per_s

    async def turn(self) -> None:
        """Wait until one request may go out."""
        async with self._line:
            while (wait_s := self._wait_s()) > _NOTHING_S:
                await self._sleep(wait_s)
            self._tokens -= 1

    async def rest(self, attempt: int) -> None:
        """Wait before the same request is tried again; others go on."""
        await self._sleep(_backoff_s(attempt))

    def slow_down(self, *, attempt: int, retry_after_s: float | None) -> None:
        """Take a 429 to heart: half the rate, and a pause for everyone."""
        self._per_s = max(self._per_s / 2, min(MIN_PER_S, self._top_per_s))
        pause_s = min(max(retry_after_s or 0.0, _backoff_s(attempt)), MAX_PAUSE_S)
        self._closed_until = max(self._closed_until, self._monotonic() + pause_s)

    def speed_up(self) -> None:
        self._per_s = min(self._per_s * _RECOVERY, self._top_per_s)

    def _wait_s(self) -> float:
        now = self._monotonic()
        if now < self._closed_until:
            self._filled_at = now
            return self._closed_until - now
        self._tokens = min(self._tokens + (now - self._filled_at) * self._per_s, self._burst)
        self._filled_at = now
        return max(0.0, (1.0 - self._tokens) / self._per_s)


def _backoff_s(attempt: int) -> float:
    return float(_FIRST_PAUSE_S * 2**attempt * random.uniform(0.7, 1.3))  # noqa: S311 jitter
