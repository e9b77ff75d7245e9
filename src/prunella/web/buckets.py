"""Token buckets: one number for each caller, and a bounded number of callers."""

from collections import OrderedDict
from collections.abc import Callable

MOST_CALLERS = 50_000
_NOTHING_S = 1e-6


class Buckets:
    """`per_s` requests a second for each caller, `burst` of them at once; 0 means no limit.

    A bucket is the moment at which it will be full again. When too many callers are known, the
    one that was longest away is forgotten: its bucket is full, or somebody pays for many callers.
    """

    def __init__(
        self,
        per_s: float,
        *,
        burst: float,
        monotonic: Callable[[], float],
        most_callers: int = MOST_CALLERS,
    ) -> None:
        self._each_s = 1.0 / per_s if per_s else 0.0
        self._deep_s = max(1.0, burst) * self._each_s
        self._monotonic = monotonic
        self._most_callers = most_callers
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, caller: str) -> float:
        """Take one. Returns 0, or for how many seconds there is none, and then takes nothing."""
        if not self._each_s:
            return 0.0
        now = self._monotonic()
        full_at = max(now, self._full_at.get(caller, now)) + self._each_s
        wait_s = full_at - now - self._deep_s
        if wait_s > _NOTHING_S:
            return wait_s
        self._full_at[caller] = full_at
        self._full_at.move_to_end(caller)
        if len(self._full_at) > self._most_callers:
            self._full_at.popitem(last=False)
        return 0.0

    def give_back(self, caller: str) -> None:
        """Undo one `take`."""
        if caller in self._full_at:
            self._full_at[caller] -= self._each_s
