"""What is wrong with the calendars of sla.toml. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from prunella.cases.sla.hours import DAY, Shift
from prunella.cases.sla.promise import NoPromiseError, OddHoursError, read_promise
from prunella.cases.sla.rules import DAYS, DEFAULT, read_shift
from prunella.people.zones import is_country
from prunella.settings import Problem, table_of, unknown_keys

KEYS = ("countries", "business_day", "holidays", "closed", *DAYS)
MAX_SHIFTS = 12
HOW = 'write shifts like ["09:00-12:00", "13:00-17:00"], in their order and apart'


def calendar_problems(calendars: Mapping[str, Any]) -> Iterator[Problem]:
    if DEFAULT not in calendars:
        yield "", "", f"[calendars.{DEFAULT}] is missing: it holds for every country not named"
    seen: dict[str, str] = {}
    for name in calendars:
        here, table = f"calendars.{name}", table_of(calendars, name)
        yield from unknown_keys(here, table, KEYS)
        yield from _country_problems(here, name, table, seen)
        yield from _day_problems(here, table)
        yield from _week_problems(here, table)


def _country_problems(
    here: str, name: str, table: Mapping[str, Any], seen: dict[str, str]
) -> Iterator[Problem]:
    countries = table.get("countries", [])
    if name == DEFAULT:
        if countries:
            yield here, "countries", "the default holds for every country that no other names"
        return
    if not isinstance(countries, list) or not countries:
        yield here, "countries", 'name its countries, like countries = ["JO", "SA"]'
        return
    for country in countries:
        if not isinstance(country, str) or not is_country(country):
            yield here, "countries", f"{country} is no country: use its ISO 3166 code, like DE"
        elif seen.setdefault(country, name) != name:
            yield here, "countries", f"{country} stands in {seen[country]} as well: keep one"


def _day_problems(here: str, table: Mapping[str, Any]) -> Iterator[Problem]:
    if not _is_day(table.get("business_day")):
        yield here, "business_day", 'business_day is open time of at most 24h, like "8h"'
    if not isinstance(table.get("holidays"), bool):
        yield here, "holidays", "holidays is true or false"
    closed = table.get("closed")
    if not isinstance(closed, list) or not all(type(day) is date for day in closed):
        yield here, "closed", "closed holds days without quotes, like closed = [2026-12-24]"


def _is_day(text: Any) -> bool:
    try:
        return isinstance(text, str) and read_promise(text).plain <= DAY
    except (NoPromiseError, OddHoursError):
        return False


def _week_problems(here: str, table: Mapping[str, Any]) -> Iterator[Problem]:
    days = [day for day in DAYS if table.get(day)]
    if not days:
        yield here, "", f"it is never open: {HOW}"
    for day in days:
        if not _are_shifts(table[day]):
            yield here, day, HOW


def _are_shifts(texts: Any) -> bool:
    if not isinstance(texts, list) or len(texts) > MAX_SHIFTS:
        return False
    shifts = [_shift(text) for text in texts]
    known = [shift for shift in shifts if shift and shift.opens < shift.closes]
    apart = all(one.closes <= other.opens for one, other in pairwise(known))
    return len(known) == len(texts) and apart


def _shift(text: Any) -> Shift | None:
    try:
        return read_shift(text) if isinstance(text, str) else None
    except ValueError:
        return None
