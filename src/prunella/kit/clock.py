"""The two clocks: business time for what customers are told, system time for tokens and leases."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Business time: SLA, dunning, timers and everything a customer is told."""

    def now(self) -> datetime: ...

    async def reach(self, moment: datetime) -> None:
        """Somebody outside speaks of this moment: look whether time has been moved there."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    async def reach(self, moment: datetime) -> None:
        """Nobody moves it; who is ahead of us has another clock."""


class OffsetClock:
    """System time moved by an offset, for a world whose time can be advanced."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset

    def now(self) -> datetime:
        return system_now() + self.offset

    async def reach(self, moment: datetime) -> None:
        """Who moves it sets the offset."""


def system_now() -> datetime:
    """The machine's own time: for signatures, tokens, sessions, leases and rate limits."""
    return datetime.now(UTC)


def from_unix(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
