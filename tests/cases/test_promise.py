"""The promise keeps to business hours where the customer lives."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prunella.cases import promised_by


def at(text: str, zone: str = "Europe/Berlin") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("opened", "plan", "promised"),
    [
        ("2026-11-16T10:30", "starter", "2026-11-17T10:30"),
        ("2026-11-16T10:30", "free", "2026-11-18T10:30"),
        ("2026-11-16T10:30", None, "2026-11-17T10:30"),
        ("2026-11-16T05:00", "starter", "2026-11-17T09:00"),
        ("2026-11-16T17:00", "starter", "2026-11-18T09:00"),
        ("2026-11-20T16:30", "starter", "2026-11-23T16:30"),
        ("2026-11-20T17:30", "starter", "2026-11-24T09:00"),
        ("2026-11-21T12:00", "free", "2026-11-25T09:00"),
        ("2026-11-22T23:59", "enterprise", "2026-11-24T09:00"),
    ],
)
def test_a_business_day_is_a_business_day(opened: str, plan: str | None, promised: str) -> None:
    assert promised_by(at(opened), plan, "Europe/Berlin") == at(promised)


def test_the_hour_stays_when_the_clocks_change() -> None:
    before = at("2026-03-06T10:00", "America/New_York")
    promised = promised_by(before, "starter", "America/New_York")
    assert promised == at("2026-03-09T10:00", "America/New_York")
    assert promised.astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=71)


def test_friday_evening_here_may_be_friday_noon_there() -> None:
    opened = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
    assert promised_by(opened, "starter", "America/Los_Angeles") == at(
        "2026-11-23T12:00", "America/Los_Angeles"
    )


@given(
    opened=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 a zone is added
    plan=st.sampled_from(["free", "starter", None]),
    zone=st.sampled_from(["America/New_York", "Europe/Berlin", "Pacific/Apia", "Asia/Kolkata"]),
)
def test_a_promise_falls_into_business_hours_and_after_enough_of_them(
    opened: datetime, plan: str | None, zone: str
) -> None:
    moment = opened.replace(tzinfo=UTC)
    promised = promised_by(moment, plan, zone)
    assert promised.weekday() < 5
    assert 9 <= promised.hour < 17 or promised.strftime("%H:%M") == "17:00"
    days = _business_days_between(moment.astimezone(ZoneInfo(zone)), promised)
    assert days == (2 if plan == "free" else 1)


def _business_days_between(start: datetime, end: datetime) -> int:
    """Count open quarter hours one by one; 32 are a business day."""
    quarters, moment = 0, start.replace(tzinfo=None)
    stop = end.replace(tzinfo=None)
    while moment < stop:
        quarters += moment.weekday() < 5 and 9 <= moment.hour < 17
        moment += timedelta(minutes=15)
    return round(quarters / 32)
