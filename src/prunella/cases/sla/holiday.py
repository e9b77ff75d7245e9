"""Public holidays by country. Pure: the table comes with the library."""

import warnings
from datetime import date
from functools import cache, lru_cache

import holidays

MAX_YEARS = 2_000
"""Countries times years that are remembered."""


def is_holiday(country: str, day: date) -> bool:
    """Whether it is a public holiday in all of the country; nothing is known of an unknown one."""
    return bool(country) and day in _of_year(country, day.year)


@lru_cache(maxsize=MAX_YEARS)
def _of_year(country: str, year: int) -> frozenset[date]:
    if country not in _countries():
        return frozenset()
    with warnings.catch_warnings():  # of some countries it knows few years, and says so each time
        warnings.simplefilter("ignore")
        return frozenset(holidays.country_holidays(country, years=year))


@cache
def _countries() -> frozenset[str]:
    return frozenset(code for code in holidays.list_supported_countries() if len(code) == len("US"))
