"""On which days a payment may be tried once more, when the customer chooses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from prunella.diagnostics.declines import RetryPace
from prunella.diagnostics.rules.failure import Failure

MOST_DAYS = 5
AHEAD_DAYS = 14
SATURDAY = 5
# How long after the last try the next one may be, where the card stays the same.
_APART: dict[RetryPace, int] = {"days_apart": 2, "sparse": 3}


def days_to_choose(failure: Failure, *, time_zone: str) -> tuple[date, ...]:
    """Working days from tomorrow on, before Stripe tries by itself; none where that is no use."""
    if not failure.payable or not failure.retry_allowed or failure.settles_itself:
        return ()
    zone = ZoneInfo(time_zone)
    today = failure.now.astimezone(zone).date()
    first, end = _first(failure, today, zone), _end(failure, today, zone)
    return tuple(day for day in _days(first, end) if day.weekday() < SATURDAY)[:MOST_DAYS]


def _days(first: date, end: date) -> Iterator[date]:
    yield from (first + timedelta(days=n) for n in range((end - first).days))


def _first(failure: Failure, today: date, zone: ZoneInfo) -> date:
    tomorrow = today + timedelta(days=1)
    said = failure.next_decline or failure.decline
    at = failure.attempt.at
    if failure.card_changed or at is None:
        return tomorrow
    return max(tomorrow, at.astimezone(zone).date() + timedelta(days=_APART.get(said.retry, 1)))


def _end(failure: Failure, today: date, zone: ZoneInfo) -> date:
    """Before the day of Stripe's own next try, and before a plan that has not begun lapses."""
    subscription = failure.subscription
    begins = subscription is not None and subscription.status == "incomplete"
    lapses_at = subscription.first_payment_by if subscription and begins else None
    limits: list[datetime] = [at for at in (failure.next_try_at, lapses_at) if at is not None]
    ends = [limit.astimezone(zone).date() for limit in limits]
    return min([*ends, today + timedelta(days=AHEAD_DAYS + 1)])
