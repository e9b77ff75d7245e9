"""sla.toml as rules. Pure: a text in, rules out; `check` says what is wrong with it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from prunella.cases.sla.batch import Batches
from prunella.cases.sla.due import SEVERITIES, Due, Terms, due
from prunella.cases.sla.hours import AROUND_THE_CLOCK, Hours, Shift, Week
from prunella.cases.sla.promise import Promise, read_promise

FILE = "sla.toml"
NONE = "none"
DEFAULT = "default"
BUSINESS_HOURS = "business_hours"
ALWAYS = "around_the_clock"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
REMEMBERED = 8


@dataclass(frozen=True, slots=True)
class Calendar:
    """Opening hours of some countries, before anybody's zone is known."""

    week: Week
    business_day: timedelta
    holidays: bool
    closed: frozenset[date]

    def in_zone(self, time_zone: str, country: str) -> Hours:
        return Hours(
            week=self.week,
            time_zone=time_zone,
            business_day=self.business_day,
            country=country if self.holidays else "",
            closed=self.closed,
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """What sla.toml says. `warn_at` and `silent_at` are shares of the time; silent_at 0: never.

    `assigns`: queues are given out, up to `capacity` cases to each who sets no other number.
    """

    unknown_plan: str
    plans: Mapping[str, Terms]
    calendars: Mapping[str, Calendar]
    warn_at: float
    silent_at: float
    batches: Batches
    assigns: bool
    capacity: int

    def terms(self, plan: str | None) -> Terms:
        return self.plans[plan or self.unknown_plan]

    def hours(self, plan: str | None, time_zone: str, country: str | None) -> Hours:
        """Return when the clocks of this plan run for a customer of this zone and country."""
        if self.terms(plan).around_the_clock:
            return AROUND_THE_CLOCK
        code = (country or "").upper()
        calendar = self.calendars.get(code) or self.calendars[DEFAULT]
        return calendar.in_zone(time_zone, code)

    def due(
        self,
        plan: str | None,
        severity: str,
        opened_at: datetime,
        *,
        time_zone: str,
        country: str | None,
    ) -> Due:
        """Return by when a case opened then is to be answered and solved."""
        hours = self.hours(plan, time_zone, country)
        return due(self.terms(plan), hours, severity=severity, opened_at=opened_at)


@lru_cache(maxsize=REMEMBERED)
def read_rules(text: str, home_zone: str) -> Rules:
    """Read a text that `check` finds nothing wrong with; `home_zone` is the company's."""
    fields = tomllib.loads(text)
    late, batches = fields["late"], fields["batches"]
    return Rules(
        unknown_plan=fields["unknown_plan"],
        plans={name: _terms(plan) for name, plan in fields["plans"].items()},
        calendars=_calendars(fields["calendars"]),
        warn_at=late["warn_at"] / 100,
        silent_at=late["silent_at"] / 100,
        batches=Batches(
            severities=frozenset(batches["severities"]) if batches["on"] else frozenset(),
            times=tuple(sorted(time.fromisoformat(one) for one in batches["times"])),
            time_zone=batches.get("time_zone", home_zone),
        ),
        assigns=fields["assignment"]["on"],
        capacity=fields["assignment"]["capacity"],
    )


def _terms(plan: Mapping[str, Any]) -> Terms:
    return Terms(
        around_the_clock=plan["runs"] == ALWAYS,
        response={one: read_promise(plan["response"][one]) for one in SEVERITIES},
        resolution={one: _promise(plan["resolution"][one]) for one in SEVERITIES},
        met=plan.get("met"),
    )


def _promise(text: str) -> Promise | None:
    return None if text == NONE else read_promise(text)


def _calendars(tables: Mapping[str, Any]) -> dict[str, Calendar]:
    """Return the calendars by country, and the one of everybody else."""
    known = {}
    for name, table in tables.items():
        calendar = _calendar(table)
        for country in table.get("countries", [DEFAULT] if name == DEFAULT else []):
            known[country] = calendar
    return known


def _calendar(table: Mapping[str, Any]) -> Calendar:
    return Calendar(
        week=tuple(tuple(read_shift(text) for text in table.get(day, [])) for day in DAYS),
        business_day=read_promise(table["business_day"]).plain,
        holidays=table["holidays"],
        closed=frozenset(table["closed"]),
    )


def read_shift(text: str) -> Shift:
    """Read a shift such as 09:00-17:00. Raises ValueError for anything else."""
    opens, closes = text.split("-")
    return Shift(_since_midnight(opens), _since_midnight(closes))


def _since_midnight(text: str) -> timedelta:
    if text == "24:00":
        return timedelta(hours=24)
    clock = time.fromisoformat(text) if len(text) == len("09:00") else None
    if clock is None:
        raise ValueError(text)
    return timedelta(hours=clock.hour, minutes=clock.minute)
