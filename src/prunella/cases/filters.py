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


@dataclass(frozen=True, slots=True)
class Keys:
    """A case has all of `every` and none of `never`; of `statuses` and `customers` one, if given.

    `assignee` and `team` are among `every` as well: lists by deadline have an index for each.
    """

    every: list[str]
    never: list[str]
    statuses: list[str] | None
    customers: list[str] | None
    assignee: str | None
    team: Team | None

    @property
    def in_a_row(self) -> bool:
        """Whether an index by deadline has nearly only these."""
        held = {":live", f":a={self.assignee}", f":t={self.team}"}
        return ":live" in self.every and set(self.every) <= held and not self.customers

    @property
    def rare(self) -> bool:
        """Whether few cases are so at any time."""
        return not {":snoozed", ":spam"}.isdisjoint(self.every)

    @property
    def narrow(self) -> bool:
        """Whether they leave anything out that would not be looked at anyway."""
        return bool(self.every or self.statuses or self.customers)


def keys_of(asked: Filter, *, me: str, customers: Sequence[str] = ()) -> Keys:
    """Return what the database is asked for; `customers` are all names of the one account."""
    assignee = me if asked.assignee == ME else asked.assignee
    every, never = _flags(asked)
    named = {
        ":a": assignee,
        ":t": asked.team,
        ":v": asked.severity,
        ":l": asked.level,
        ":k": asked.kind,
    }
    every += [f"{key}={value}" for key, value in named.items() if value]
    every += [asked.tag] if asked.tag else []
    some, others = _statuses(asked, any_key=bool(every))
    return Keys(
        every=every,
        never=never + [f":s={one}" for one in others],
        statuses=[f":s={one}" for one in some] if some is not None else None,
        customers=[f":c={one}" for one in customers] if asked.customer else None,
        assignee=assignee,
        team=asked.team,
    )


def _statuses(asked: Filter, *, any_key: bool) -> tuple[Sequence[Status] | None, Sequence[Status]]:
    """Return those to look up, None for any; and those to leave out of what was found.

    Most cases are settled: that is no key to look up where there is another.
    """
    if set(asked.statuses) == set(EVERY_STATUS) or _flags(asked)[0] == [":live"]:
        return None, ()
    if any_key and asked.statuses and set(asked.statuses) <= set(SETTLED):
        return None, [one for one in EVERY_STATUS if one not in asked.statuses]
    return asked.statuses, ()


def _flags(asked: Filter) -> tuple[list[str], list[str]]:
    """What is left out is rare, so it is no key to look up: it is left out of what was found."""
    if set(asked.statuses) == set(OPEN) and asked.snoozed is False and asked.spam is False:
        return [":live"], []
    flags = {":snoozed": asked.snoozed, ":spam": asked.spam}
    wanted = [flag for flag, value in flags.items() if value is True]
    return wanted, [flag for flag, value in flags.items() if value is False]
