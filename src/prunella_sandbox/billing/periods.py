"""Billing periods: counted from the anchor, so that the 31st comes back after February."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta

from prunella_sandbox.store import Obj

MONTHS = {"month": 1, "year": 12}
DAYS = {"day": 1, "week": 7}
MONTHS_A_YEAR = 12
MAX_STEPS = 1_000
"""How far a guess may lie before what is looked for."""


def next_end(recurring: Obj, *, anchor: int, start: int) -> int:
    """Find the first end of a period counted from `anchor` that lies after `start`."""
    guess = _first_guess(recurring, anchor, start)
    for count in range(guess, guess + MAX_STEPS):
        end = after(recurring, anchor=anchor, count=count)
        if end > start:
            return end
    raise OverflowError(start)


def after(recurring: Obj, *, anchor: int, count: int) -> int:
    """Give the moment `count` intervals after the anchor."""
    interval, steps = recurring["interval"], int(recurring["interval_count"]) * count
    began = datetime.fromtimestamp(anchor, tz=UTC)
    if interval in DAYS:
        return int((began + timedelta(days=DAYS[interval] * steps)).timestamp())
    return int(_plus_months(began, MONTHS[interval] * steps).timestamp())


def _first_guess(recurring: Obj, anchor: int, start: int) -> int:
    longest = {"day": 1, "week": 7, "month": 31, "year": 366}[recurring["interval"]]
    seconds = longest * int(recurring["interval_count"]) * 24 * 3600
    return max(0, (start - anchor) // seconds)


def _plus_months(began: datetime, months: int) -> datetime:
    year, month = divmod(began.year * MONTHS_A_YEAR + began.month - 1 + months, MONTHS_A_YEAR)
    last = calendar.monthrange(year, month + 1)[1]
    return began.replace(year=year, month=month + 1, day=min(began.day, last))
