"""How far a sync has come, and how long it still takes. Pure: the time is passed in.

Stripe's lists have no totals, but they run from the newest object back, and the oldest one's time
can be found. So the part of that span that lies behind us stands for the part of the objects.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

_AT_LEAST = 0.001


@dataclass(frozen=True, slots=True)
class KindProgress:
    """One kind. `oldest` is an estimate; `skipped` says why the kind was left out."""

    done: int = 0
    newest: datetime | None = None
    reached: datetime | None = None
    oldest: datetime | None = None
    finished: bool = False
    skipped: str | None = None

    @property
    def estimated_total(self) -> int | None:
        """How many there will have been; None before the first page."""
        if self.finished:
            return self.done
        if not (self.newest and self.reached and self.oldest):
            return None
        span = (self.newest - self.oldest).total_seconds()
        behind = (self.newest - self.reached).total_seconds()
        return round(self.done / min(1.0, max(behind / span, _AT_LEAST))) if span > 0 else self.done


@dataclass(frozen=True, slots=True)
class Progress:
    """All kinds together. `done_before` was read by an earlier run that did not come to its end."""

    kinds: Mapping[str, KindProgress]
    elapsed_s: float
    done_before: int = 0

    @property
    def done(self) -> int:
        return sum(kind.done for kind in self.kinds.values())

    @property
    def finished(self) -> bool:
        return all(kind.finished for kind in self.kinds.values())

    @property
    def estimated_total(self) -> int | None:
        """None until every kind's first page is read."""
        totals = [kind.estimated_total for kind in self.kinds.values()]
        known = [max(total, 0) for total in totals if total is not None]
        return max(sum(known), self.done) if len(known) == len(totals) else None

    @property
    def seconds_left(self) -> float | None:
        """At the speed of this run so far; None while nothing can be said."""
        read_now = self.done - self.done_before
        if self.estimated_total is None or read_now <= 0:
            return None
        return (self.estimated_total - self.done) * self.elapsed_s / read_now
