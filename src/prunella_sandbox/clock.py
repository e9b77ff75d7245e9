"""The world's time: real time plus an offset that only grows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SystemTime = Callable[[], float]


class Clock:
    def __init__(self, *, system: SystemTime = time.time) -> None:
        self._system = system
        self._pinned: float | None = None
        self.offset_seconds = 0.0

    def now(self) -> float:
        if self._pinned is not None:
            return self._pinned
        return self._system() + self.offset_seconds

    def unix(self) -> int:
        return int(self.now())

    def move_to(self, at: float) -> None:
        """Go forward to `at`; a moment in the past moves nothing."""
        self.offset_seconds += max(0.0, at - self.now())

    def grow_to(self, offset_seconds: float) -> None:
        self.offset_seconds = max(self.offset_seconds, offset_seconds)

    @contextmanager
    def at(self, moment: float) -> Iterator[None]:
        """Let what falls due at `moment` happen at that moment."""
        before, self._pinned = self._pinned, moment
        try:
            yield
        finally:
            self._pinned = before
