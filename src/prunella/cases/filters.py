"""What a list of cases is filtered by, and the keys that the database finds it by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from prunella.cases.record import OPEN, SETTLED, Kind, Level, Severity, Status
from prunella.people import Team

Order = Literal["due", "newest"]
ME = "me"
NOBODY = "none"
EVERY_STATUS: tuple[Status, ...] = (*OPEN, *SETTLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Open cases that are neither put aside nor spam, unless something else is said.

    None takes any. `assignee` is a colleague's id, `me` for who asks, or `none`. The order `due`
    and `due_before` are of open cases alone: a list that holds others has the newest first.
    """

    statuses: tuple[Status, ...] = OPEN
    assignee: str | None = None
    team: Team | None = None
    tag: str | None = None
    severity: Severity | None = None
    level: Level | None = None
    kind: Kind | None = None
    customer: str | None = None
    snoozed: bool | None = False
    spam: bool | None = False
    due_before: datetime | None = None
    order: Order = "due"

    @property
    def by_due(self) -> bool:
        return (self.order == "due" or self.due_before is not None) and set(self.statuses) <= set(
            OPEN
        )


EVERYTHING = Filter(statuses=EVERY_STATUS, snoozed=None, spam=None, order="newest")


@dataclass(frozen=True, slots=True)
class Keys:
    """A case has all of `every`; where there are `statuses` or `customers`, one of each."""

    every: list[str]
    statuses: list[str] | None
    customers: list[str] | None


def keys_of(asked: Filter, *, me: str, customers: Sequence[str] = ()) -> Keys:
    """Return what the database is asked for; `customers` are all names of the one account."""
    every = [key for key in _single(asked, me) if key]
    statuses: list[str] | None = None
    if set(asked.statuses) == set(OPEN) and asked.snoozed is False and asked.spam is False:
        every.append(":live")
    else:
        every += _flags(asked)
        if set(asked.statuses) != set(EVERY_STATUS):
            statuses = [f":s={one}" for one in asked.statuses]
    owners = [f":c={one}" for one in customers] if asked.customer else None
    return Keys(every, statuses, owners)


def _single(asked: Filter, me: str) -> list[str]:
    assignee = me if asked.assignee == ME else asked.assignee
    return [
        f":a={assignee}" if assignee else "",
        f":t={asked.team}" if asked.team else "",
        f":v={asked.severity}" if asked.severity else "",
        f":l={asked.level}" if asked.level else "",
        f":k={asked.kind}" if asked.kind else "",
        asked.tag or "",
    ]


def _flags(asked: Filter) -> list[str]:
    snoozed = {True: [":snoozed"], False: [":awake"], None: []}
    spam = {True: [":spam"], False: [":ham"], None: []}
    return [*snoozed[asked.snoozed], *spam[asked.spam]]
