"""By when a case has to be answered and solved: the contract's time, and the one we run at. Pure.

The playbook's matrix is inverted in places (starter: critical 24 h, high 8 h). It stays as the
contract; we run each severity at the fastest of itself and anything milder.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from prunella.cases.sla.hours import Hours
from prunella.cases.sla.promise import Promise

Clock = Literal["response", "resolution", "reply"]
"""The first answer, the solution, and each further answer; that one is no contract."""
CLOCKS: tuple[Clock, ...] = get_args(Clock)
SEVERITIES = ("critical", "high", "medium", "low")
"""From the gravest to the mildest."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is promised to a plan, by severity: always an answer, None where no solution is."""

    around_the_clock: bool
    response: Mapping[str, Promise]
    resolution: Mapping[str, Promise | None]
    met: int | None
    """In how many of a hundred cases the answer is to be in time; None: nobody counts."""

    def response_within(self, severity: str, hours: Hours) -> timedelta:
        """Return the open time that we give ourselves for an answer."""
        return min(self.response[one].in_hours(hours) for one in milder_from(severity))

    def resolution_within(self, severity: str, hours: Hours) -> timedelta | None:
        """Return the open time that we give ourselves for a solution."""
        promised = (self.resolution[one] for one in milder_from(severity))
        return min((one.in_hours(hours) for one in promised if one), default=None)


@dataclass(frozen=True, slots=True)
class Due:
    """`…_due_at` is the contract's, `…_target_at` what we run at.

    An answer is always promised; a solution not to everybody, and then both are None.
    """

    response_due_at: datetime
    response_target_at: datetime
    resolution_due_at: datetime | None
    resolution_target_at: datetime | None


def due(
    terms: Terms,
    hours: Hours,
    *,
    severity: str,
    opened_at: datetime,
    paused_for: timedelta = timedelta(),
) -> Due:
    """Return the deadlines of a case. `paused_for` is open time in which no clock ran."""

    def at(work: timedelta) -> datetime:
        return hours.after(opened_at, work + paused_for)

    promised = terms.resolution[severity]
    within = terms.resolution_within(severity, hours)
    return Due(
        response_due_at=at(terms.response[severity].in_hours(hours)),
        response_target_at=at(terms.response_within(severity, hours)),
        resolution_due_at=at(promised.in_hours(hours)) if promised else None,
        resolution_target_at=at(within) if within is not None else None,
    )


def milder_from(severity: str) -> tuple[str, ...]:
    """Return the severity and everything milder."""
    return SEVERITIES[SEVERITIES.index(severity) :]
