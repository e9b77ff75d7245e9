"""How much time is promised, as sla.toml writes it: 30m, 4h, 24h, 5d. Pure."""

import re
from dataclasses import dataclass
from datetime import timedelta

from prunella.cases.sla.hours import Hours

HOURS_OF_A_DAY = 24
MAX_DAYS = 60
_TEXT = re.compile(r"([1-9][0-9]{0,3})([mhd])")


class NoPromiseError(ValueError):
    """Write a number and m, h or d, such as 30m, 4h or 5d; at most 60d."""


class OddHoursError(ValueError):
    """A day or more must be whole days: write 24h, 48h, or 5d."""


@dataclass(frozen=True, slots=True)
class Promise:
    """So many days, and so much time. 24 h is one day: in business hours, one business day."""

    days: int
    time: timedelta

    def in_hours(self, hours: Hours) -> timedelta:
        """Return how much open time that is."""
        return self.days * hours.business_day + self.time

    @property
    def plain(self) -> timedelta:
        """Return it as time on the clock, where a day has 24 hours."""
        return timedelta(days=self.days) + self.time


def read_promise(text: str) -> Promise:
    match = _TEXT.fullmatch(text)
    if match is None:
        raise NoPromiseError(text)
    number, unit = int(match[1]), match[2]
    if unit == "d":
        return _bounded(Promise(number, timedelta()))
    minutes = number * 60 if unit == "h" else number
    days, rest = divmod(minutes, HOURS_OF_A_DAY * 60)
    if days and rest:
        raise OddHoursError(text)
    return _bounded(Promise(days, timedelta(minutes=rest)))


def _bounded(promise: Promise) -> Promise:
    if promise.days > MAX_DAYS:
        raise NoPromiseError
    return promise
