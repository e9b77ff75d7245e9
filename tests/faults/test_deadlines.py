"""Deadlines against someone who counts minutes: over clock changes, leap days and holidays.

Few examples by default; PRUNELLA_FAULTS=full counts many. Hypothesis prints what replays a failure.
"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prunella.cases.sla import FILE, Clocks, Hours, Rules, Shift, begin, follow, read_rules
from prunella.settings.shipped import shipped

FULL = os.environ.get("PRUNELLA_FAULTS") == "full"
EXAMPLES = 2_000 if FULL else 60
MINUTE = timedelta(minutes=1)
SKEW = timedelta(minutes=10)
LONGEST = 60 * 24 * 40
"""So many minutes are counted at most."""

# Clock changes of an hour, of half an hour, of two; at midnight, on a Friday; a day left out; none.
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "America/Havana",
    "America/Santiago",
    "Africa/Cairo",
    "Asia/Beirut",
    "Africa/Casablanca",
    "Pacific/Apia",
    "Asia/Kolkata",
    "UTC",
]
COUNTRIES = ["", "DE", "US", "JP", "JO", "CL"]
DAYS_THAT_ARE_ODD = [
    datetime(2024, 2, 28, tzinfo=UTC),
    datetime(2028, 2, 28, tzinfo=UTC),
    datetime(2011, 12, 29, tzinfo=UTC),
    datetime(2025, 12, 23, tzinfo=UTC),
    datetime(2026, 4, 2, tzinfo=UTC),
    datetime(2026, 12, 30, tzinfo=UTC),
]


class Counter:
    """Counts open minutes one by one, and knows nothing else."""

    def __init__(self, hours: Hours) -> None:
        self.hours, self.zone = hours, ZoneInfo(hours.time_zone)
        self.closed = hours.closed | _holidays(hours.country)

    def is_open(self, minute: datetime) -> bool:
        local = minute.astimezone(self.zone)
        shown = timedelta(hours=local.hour, minutes=local.minute)
        shifts = self.hours.week[local.weekday()]
        return local.date() not in self.closed and any(
            shift.opens <= shown < shift.closes for shift in shifts
        )

    def after(self, start: datetime, minutes: int) -> datetime | None:
        moment = start
        for _ in range(LONGEST):
            if minutes == 0:
                return moment
            minutes -= self.is_open(moment)
            moment += MINUTE
        return None


@cache
def _holidays(country: str) -> frozenset[date]:
    years = range(2009, 2032)
    return frozenset(holidays.country_holidays(country, years=years)) if country else frozenset()


@cache
def clock_changes(zone: str) -> list[datetime]:
    """Hours in which a zone changed its clocks."""
    hour, where, found = datetime(2023, 1, 1, tzinfo=UTC), ZoneInfo(zone), []
    while hour.year < 2029:
        later = hour + timedelta(hours=6)
        if hour.astimezone(where).utcoffset() != later.astimezone(where).utcoffset():
            found.append(hour)
        hour = later
    return found


@st.composite
def shifts_of_a_day(draw: st.DrawFn) -> tuple[Shift, ...]:
    """Up to three shifts, by night as well, apart from each other."""
    cuts = draw(st.lists(st.integers(0, 96), max_size=6, unique=True).map(sorted))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return tuple(Shift(timedelta(minutes=15 * a), timedelta(minutes=15 * b)) for a, b in pairs)


@st.composite
def some_hours(draw: st.DrawFn) -> Hours:
    office = (Shift(timedelta(hours=9), timedelta(hours=17)),)
    week = draw(
        st.one_of(
            st.just((office,) * 5 + ((), ())),
            st.tuples(*[shifts_of_a_day()] * 7).filter(any),
        )
    )
    closed = draw(st.frozensets(st.dates(date(2026, 3, 1), date(2026, 4, 30)), max_size=3))
    return Hours(
        week=week,
        time_zone=draw(st.sampled_from(ZONES)),
        business_day=timedelta(hours=8),
        country=draw(st.sampled_from(COUNTRIES)),
        closed=closed,
    )


@st.composite
def moments(draw: st.DrawFn, zone: str) -> datetime:
    """A minute, more often than not beside something odd."""
    beside = draw(st.sampled_from([*DAYS_THAT_ARE_ODD, *clock_changes(zone)]))
    anywhere = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=draw(st.integers(0, 1800)))
    base = draw(st.sampled_from([beside, beside, anywhere]))
    return base + draw(st.integers(-4 * 1440, 3 * 1440)) * MINUTE


@settings(deadline=None, max_examples=EXAMPLES)
@given(data=st.data(), hours=some_hours(), minutes=st.integers(0, 1440))
def test_a_deadline_is_where_counting_minutes_ends(
    data: st.DataObject, hours: Hours, minutes: int
) -> None:
    start = data.draw(moments(hours.time_zone))
    counted = Counter(hours).after(start, minutes)
    if counted is not None:
        assert hours.after(start, minutes * MINUTE) == counted


@settings(deadline=None, max_examples=EXAMPLES)
@given(data=st.data(), hours=some_hours(), minutes=st.integers(-1440, 5 * 1440))
def test_what_lies_between_is_what_counting_finds(
    data: st.DataObject, hours: Hours, minutes: int
) -> None:
    start = data.draw(moments(hours.time_zone))
    counter = Counter(hours)
    counted = sum(counter.is_open(start + n * MINUTE) for n in range(minutes))
    assert hours.between(start, start + minutes * MINUTE) == counted * MINUTE


@pytest.fixture(scope="module")
def rules() -> Rules:
    return read_rules((shipped("content") / FILE).read_text(encoding="utf-8"), "UTC")


def opened(rules: Rules, data: st.DataObject) -> Clocks:
    zone = data.draw(st.sampled_from(ZONES))
    return begin(
        rules,
        plan=data.draw(st.sampled_from(["free", "starter", "professional", "enterprise", None])),
        severity=data.draw(st.sampled_from(["critical", "high", "medium", "low"])),
        time_zone=zone,
        country=data.draw(st.sampled_from([*COUNTRIES, None])),
        opened_at=data.draw(moments(zone)),
    )


def seen(clocks: Clocks, rules: Rules, status: str, now: datetime) -> Clocks:
    return follow(clocks, rules, status=status, severity=clocks.severity, answered_at=None, now=now)


STEPS = st.lists(
    st.tuples(st.sampled_from(["open", "pending", "on_hold", "solved"]), st.integers(0, 2000)),
    max_size=6,
)


@settings(deadline=None, max_examples=EXAMPLES)
@given(data=st.data(), steps=STEPS)
def test_while_it_waits_for_the_customer_no_minute_counts(
    rules: Rules, data: st.DataObject, steps: list[tuple[str, int]]
) -> None:
    begun = opened(rules, data)
    counter = Counter(rules.hours(begun.plan, begun.time_zone, begun.country))
    clocks, now, status, stood = begun, begun.opened_at, "new", 0
    for following, minutes in [*steps, ("open", 0)]:
        if status in {"pending", "solved"}:
            stood += sum(counter.is_open(now + n * MINUTE) for n in range(minutes))
        now += minutes * MINUTE
        clocks, status = seen(clocks, rules, following, now), following
    assert clocks.paused_for == stood * MINUTE
    for before, after in deadlines(begun, clocks):
        work = counter.hours.between(begun.opened_at, before)
        assert after == counter.after(begun.opened_at, work // MINUTE + stood)


@settings(deadline=None, max_examples=EXAMPLES)
@given(data=st.data(), steps=STEPS, skews=st.lists(st.sampled_from([-1, 0, 1]), min_size=7))
def test_processes_whose_clocks_disagree_move_no_deadline_by_more_than_that(
    rules: Rules, data: st.DataObject, steps: list[tuple[str, int]], skews: list[int]
) -> None:
    begun = opened(rules, data)
    right, skewed, now = begun, begun, begun.opened_at
    for (status, minutes), skew in zip([*steps, ("open", 0)], skews, strict=False):
        now += minutes * MINUTE
        right = seen(right, rules, status, now)
        skewed = seen(skewed, rules, status, now + skew * SKEW)
        assert skewed.paused_for >= timedelta()
    hours = rules.hours(begun.plan, begun.time_zone, begun.country)
    bound = 2 * SKEW * len(skews)
    for one, other in deadlines(right, skewed):
        assert hours.between(*sorted([one, other])) <= bound


def deadlines(one: Clocks, other: Clocks) -> Iterator[tuple[datetime, datetime]]:
    yield one.response_due_at, other.response_due_at
    yield one.response_target_at, other.response_target_at
    if one.resolution_due_at and other.resolution_due_at:
        yield one.resolution_due_at, other.resolution_due_at
