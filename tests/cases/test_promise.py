"""The promise keeps to business hours where the customer lives, by their plan and the severity."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from prunella.cases.sla import FILE, Due, Rules, read_rules
from prunella.settings.shipped import shipped


def at(text: str, zone: str = "Europe/Berlin") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.fixture(scope="module")
def rules() -> Rules:
    return read_rules((shipped("content") / FILE).read_text(encoding="utf-8"), "UTC")


def promised(
    rules: Rules,
    opened: datetime,
    plan: str | None,
    *,
    severity: str = "medium",
    country: str | None = None,
) -> Due:
    zone = opened.tzinfo
    assert isinstance(zone, ZoneInfo)
    return rules.due(plan, severity, opened, time_zone=zone.key, country=country)


@pytest.mark.parametrize(
    ("opened", "plan", "by"),
    [
        ("2026-11-16T10:30", "starter", "2026-11-17T10:30"),
        ("2026-11-16T10:30", "free", "2026-11-18T10:30"),
        ("2026-11-16T10:30", None, "2026-11-17T10:30"),
        ("2026-11-16T10:30", "professional", "2026-11-16T14:30"),
        ("2026-11-16T15:00", "professional", "2026-11-17T11:00"),
        ("2026-11-16T10:30", "enterprise", "2026-11-16T11:30"),
        ("2026-11-16T05:00", "starter", "2026-11-16T17:00"),
        ("2026-11-16T17:00", "starter", "2026-11-17T17:00"),
        ("2026-11-20T16:30", "starter", "2026-11-23T16:30"),
        ("2026-11-20T17:30", "starter", "2026-11-23T17:00"),
        ("2026-11-21T12:00", "free", "2026-11-24T17:00"),
        ("2026-11-22T23:59", "enterprise", "2026-11-23T00:59"),
    ],
)
def test_a_business_day_is_a_business_day(
    rules: Rules, opened: str, plan: str | None, by: str
) -> None:
    assert promised(rules, at(opened), plan).response_due_at == at(by)


def test_the_hour_stays_when_the_clocks_change(rules: Rules) -> None:
    before = at("2026-03-06T10:00", "America/New_York")
    by = promised(rules, before, "starter").response_due_at
    assert by == at("2026-03-09T10:00", "America/New_York")
    assert by - before.astimezone(UTC) == timedelta(hours=71)


def test_friday_evening_here_may_be_friday_noon_there(rules: Rules) -> None:
    opened = datetime(2026, 11, 20, 20, 0, tzinfo=UTC).astimezone(ZoneInfo("America/Los_Angeles"))
    by = promised(rules, opened, "starter").response_due_at
    assert by == at("2026-11-23T12:00", "America/Los_Angeles")


def test_a_public_holiday_of_their_country_does_not_count(rules: Rules) -> None:
    before_easter = at("2026-04-02T10:00")
    here = promised(rules, before_easter, "starter", country="DE").response_due_at
    assert here == at("2026-04-07T10:00")
    assert promised(rules, before_easter, "starter").response_due_at == at("2026-04-03T10:00")


def test_a_week_that_begins_on_sunday_is_worked_on_sunday(rules: Rules) -> None:
    thursday = at("2026-11-19T10:00", "Asia/Amman")
    by = promised(rules, thursday, "starter", country="JO").response_due_at
    assert by == at("2026-11-22T10:00", "Asia/Amman")


def test_what_is_graver_is_never_run_slower_though_the_contract_says_so(rules: Rules) -> None:
    found = promised(rules, at("2026-11-16T10:30"), "professional", severity="critical")
    assert found.response_due_at == at("2026-11-16T14:30")
    assert found.response_target_at == at("2026-11-16T12:30")
    assert found.resolution_due_at == at("2026-11-18T10:30")
    assert found.resolution_target_at == at("2026-11-17T10:30")


def test_nobody_on_the_free_plan_is_promised_a_solution(rules: Rules) -> None:
    found = promised(rules, at("2026-11-16T10:30"), "free", severity="critical")
    assert (found.resolution_due_at, found.resolution_target_at) == (None, None)
