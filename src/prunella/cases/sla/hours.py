"""Opening hours of a week, and how far work gets in them. Pure.

We are open whenever the clock on the wall shows a time in a shift, on a day that is not closed. So
where a clock change repeats an hour of a shift, that hour is open twice; where one skips it, never.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from prunella.cases.sla.holiday import is_holiday

DAY = timedelta(hours=24)
MAX_DAYS = 20 * 366
"""No clock runs for longer than twenty years."""
REMEMBERED = 8_000
"""Days of zones: cases that come today are due on the same few."""

Stretch = tuple[datetime, datetime]
"""From when to when we are open, in UTC; the end is closed."""


class NeverOpenError(ValueError):
    """These opening hours never come to so much time. Look at the calendars of sla.toml."""


@dataclass(frozen=True, slots=True)
class Shift:
    """From when to when on a day, as times since midnight on the clock on the wall."""

    opens: timedelta
    closes: timedelta


Week = tuple[tuple[Shift, ...], ...]
"""The shifts of Monday to Sunday, each day's in their order and apart."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A week of shifts in a zone. `business_day`: how much open time counts as one business day.

    `country` is the one whose public holidays are closed, or empty; `closed` are further days.
    """

    week: Week
    time_zone: str
    business_day: timedelta
    country: str = ""
    closed: frozenset[date] = frozenset()

    def after(self, start: datetime, work: timedelta) -> datetime:
        """Return the first moment by which we were open for so long since `start`. In UTC."""
        left = work
        for opens, closes in self._open_from(start):
            if opens + left <= closes:
                return opens + left
            left -= closes - opens
        raise NeverOpenError

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return how long we were open from `start` to `end`."""
        total = timedelta()
        for opens, closes in self._open_from(start):
            if opens >= end:
                break
            total += min(closes, end) - opens
        return total

    def _open_from(self, start: datetime) -> Iterator[Stretch]:
        """Every stretch that we are open, from `start` on; first one of no length, at `start`."""
        moment = start.astimezone(UTC)
        yield moment, moment
        zone = ZoneInfo(self.time_zone)
        first = moment.astimezone(zone).date()
        for ahead in range(MAX_DAYS):
            for opens, closes in self._open_on(first + timedelta(days=ahead), zone):
                if closes > moment:
                    yield max(opens, moment), closes

    def _open_on(self, day: date, zone: ZoneInfo) -> Iterator[Stretch]:
        shifts = self.week[day.weekday()]
        if not shifts or day in self.closed or is_holiday(self.country, day):
            return
        midnight = datetime.combine(day, time(0), UTC)
        for begins, ends, offset in _even_parts(day, zone):
            for shift in shifts:
                opens = max(begins, midnight + shift.opens - offset)
                closes = min(ends, midnight + shift.closes - offset)
                if opens < closes:
                    yield opens, closes


@lru_cache(maxsize=REMEMBERED)
def _even_parts(day: date, zone: ZoneInfo) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    """Cut a day of the zone where its offset from UTC changes: from, to, and the offset."""
    begins = datetime.combine(day, time(0), zone).astimezone(UTC)
    ends = datetime.combine(day + timedelta(days=1), time(0), zone).astimezone(UTC)
    if begins >= ends:  # a day that the zone left out
        return ()
    first, last = _offset(begins, zone), _offset(ends - timedelta(seconds=1), zone)
    if first == last:
        return ((begins, ends, first),)
    change = _change(begins, ends, zone)
    return (begins, change, first), (change, ends, last)


def _change(begins: datetime, ends: datetime, zone: ZoneInfo) -> datetime:
    """Return the second at which the offset changes, by halving."""
    first = _offset(begins, zone)
    before, after = 0, int((ends - begins).total_seconds())
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(begins + timedelta(seconds=middle), zone) == first:
            before = middle
        else:
            after = middle
    return begins + timedelta(seconds=after)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


AROUND_THE_CLOCK = Hours(week=((Shift(timedelta(), DAY),),) * 7, time_zone="UTC", business_day=DAY)
