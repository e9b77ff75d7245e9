"""On which days a payment may be tried once more, when the customer chooses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from prunella.diagnostics.declines import RetryPace
from prunella.diagnostics.rules.failure import Failure

MOST_DAYS = 5
AHEAD_DAYS = 14
SATURDAY = 5
# How long after the last try the next one may be, where the card stays the same.
_APART: dict[RetryPace, int] = {"days_apart": 2, "sparse": 3}


def days_to_choose(failure: Failure, *, time_zone: str) -> tuple[date, ...]:
    """Working days from tomorrow on, not close behind a try; none where that is no use.

    They lie before Stripe's own next try, or after it where no day is left before.
    """
    if not failure.payable or not failure.retry_allowed or failure.settles_itself:
        return ()
    zone = ZoneInfo(time_zone)
    today = failure.now.astimezone(zone).date()
    first, end = _first(failure, today, zone), _end(failure, today, zone)
    stripes = failure.next_try_at.astimezone(zone).date() if failure.next_try_at else end
    before = _working(first, min(stripes, end))
    after = _working(stripes + timedelta(days=_apart(failure)), end)
    return (before or after)[:MOST_DAYS]


def _working(first: date, end: date) -> tuple[date, ...]:
    return tuple(day for day in _days(first, end) if day.weekday() < SATURDAY)


def _days(first: date, end: date) -> Iterator[date]:
    yield from (first + timedelta(days=n) for n in range((end - first).days))


def _apart(failure: Failure) -> int:
    return _APART.get((failure.next_decline or failure.decline).retry, 1)


def _first(failure: Failure, today: date, zone: ZoneInfo) -> date:
    tomorrow = today + timedelta(days=1)
    at = failure.attempt.at
    if failure.card_changed or at is None:
        return tomorrow
    return max(tomorrow, at.astimezone(zone).date() + timedelta(days=_apart(failure)))


def _end(failure: Failure, today: date, zone: ZoneInfo) -> date:
    """Two weeks ahead at most, and before a plan that has not begun lapses."""
    subscription = failure.subscription
    begins = subscription is not None and subscription.status == "incomplete"
    lapses_at = subscription.first_payment_by if subscription and begins else None
    latest = today + timedelta(days=AHEAD_DAYS + 1)
    return min(lapses_at.astimezone(zone).date(), latest) if lapses_at else latest
