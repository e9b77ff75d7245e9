"""The clocks of one case: how they stand, and how they follow what happens to it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from prunella.cases.sla.due import CLOCKS, Clock, due
from prunella.cases.sla.hours import Hours
from prunella.cases.sla.rules import Rules

PAUSING = "pending"
ENDING = ("solved", "closed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """By when a case is to be answered and solved, and what came of it.

    `…_due_at` is the contract's and `…_target_at` what we run at; None where none is promised.
    `paused_at`: since when they wait for the customer; `paused_for`: open time they waited before.
    `batch_at`: with which batch it is answered. `watched` has the case, and loses it at
    `watched_at` if nothing is heard of them.
    """

    case_id: str
    plan: str | None
    severity: str
    time_zone: str
    country: str | None
    opened_at: datetime
    response_due_at: datetime
    response_target_at: datetime
    resolution_due_at: datetime | None
    resolution_target_at: datetime | None
    batch_at: datetime | None = None
    responded_at: datetime | None = None
    resolved_at: datetime | None = None
    paused_at: datetime | None = None
    paused_for: timedelta = timedelta()
    warned: tuple[Clock, ...] = ()
    breached: tuple[Clock, ...] = ()
    watched: str | None = None
    watched_at: datetime | None = None

    def due_at(self) -> datetime | None:
        """Return the next deadline we run at; None while nothing runs."""
        moments = [self.target_of(clock) for clock in self.running()]
        if "response" in self.running():
            moments.append(self.batch_at)
        return min((one for one in moments if one), default=None)

    def running(self) -> tuple[Clock, ...]:
        """Return the clocks that run now."""
        if self.stopped_at():
            return ()
        return tuple(
            clock
            for clock in CLOCKS
            if self.target_of(clock) and not (clock == "response" and self.responded_at)
        )

    def stopped_at(self) -> datetime | None:
        return self.resolved_at or self.paused_at

    def target_of(self, clock: Clock) -> datetime | None:
        return self.response_target_at if clock == "response" else self.resolution_target_at

    def contract_of(self, clock: Clock) -> datetime | None:
        return self.response_due_at if clock == "response" else self.resolution_due_at


def begin(
    rules: Rules,
    *,
    plan: str | None,
    severity: str,
    time_zone: str,
    country: str | None,
    opened_at: datetime,
) -> Clocks:
    """Return the clocks of a case that is opened; `case_id` is still empty."""
    moments = rules.due(plan, severity, opened_at, time_zone=time_zone, country=country)
    return Clocks(
        case_id="",
        plan=plan,
        severity=severity,
        time_zone=time_zone,
        country=country,
        opened_at=opened_at,
        response_due_at=moments.response_due_at,
        response_target_at=moments.response_target_at,
        resolution_due_at=moments.resolution_due_at,
        resolution_target_at=moments.resolution_target_at,
        batch_at=rules.batches.of(severity, opened_at),
    )


def follow(
    clocks: Clocks,
    rules: Rules,
    *,
    status: str,
    severity: str,
    answered_at: datetime | None,
    now: datetime,
) -> Clocks:
    """Return the clocks as they stand after what happened to the case.

    They stand still while it is pending, and while it is solved: what a reopened case had left, it
    has left again. A deadline that is met does not move any more.
    """
    moved = replace(clocks, responded_at=answered_at)
    kind = _kind_of_stop(status)
    if kind != _stopped_as(clocks):
        moved = _stop_or_go(moved, rules, kind, now)
    if (moved.paused_for, severity) != (clocks.paused_for, clocks.severity):
        moved = _with_deadlines(moved, rules, severity)
    return moved


def warnings(clocks: Clocks, rules: Rules) -> Iterator[tuple[Clock, datetime]]:
    """Return when each clock that runs is to be warned of, if that was not done yet."""
    hours = hours_of(clocks, rules)
    for clock in clocks.running():
        given = _given(clocks, rules, clock, hours)
        if given is not None and clock not in clocks.warned:
            share = given * rules.warn_at + clocks.paused_for
            yield clock, hours.after(clocks.opened_at, share)


def breaches(clocks: Clocks) -> Iterator[tuple[Clock, datetime]]:
    """Return when each clock that runs is late, if that was not told yet."""
    for clock in clocks.running():
        target = clocks.target_of(clock)
        if target is not None and clock not in clocks.breached:
            yield clock, target


def hours_of(clocks: Clocks, rules: Rules) -> Hours:
    return rules.hours(clocks.plan, clocks.time_zone, clocks.country)


def _given(clocks: Clocks, rules: Rules, clock: Clock, hours: Hours) -> timedelta | None:
    terms = rules.terms(clocks.plan)
    if clock == "response":
        return terms.response_within(clocks.severity, hours)
    return terms.resolution_within(clocks.severity, hours)


def _kind_of_stop(status: str) -> str:
    if status in ENDING:
        return "resolved"
    return "paused" if status == PAUSING else ""


def _stopped_as(clocks: Clocks) -> str:
    if clocks.resolved_at:
        return "resolved"
    return "paused" if clocks.paused_at else ""


def _stop_or_go(clocks: Clocks, rules: Rules, kind: str, now: datetime) -> Clocks:
    stopped_at = clocks.stopped_at()
    stood = hours_of(clocks, rules).between(stopped_at, now) if stopped_at else timedelta()
    return replace(
        clocks,
        paused_for=clocks.paused_for + stood,
        paused_at=now if kind == "paused" else None,
        resolved_at=now if kind == "resolved" else None,
    )


def _with_deadlines(clocks: Clocks, rules: Rules, severity: str) -> Clocks:
    moments = due(
        rules.terms(clocks.plan),
        hours_of(clocks, rules),
        severity=severity,
        opened_at=clocks.opened_at,
        paused_for=clocks.paused_for,
    )
    moved = replace(
        clocks,
        severity=severity,
        resolution_due_at=moments.resolution_due_at,
        resolution_target_at=moments.resolution_target_at,
    )
    if clocks.responded_at:
        return moved
    return replace(
        moved,
        response_due_at=moments.response_due_at,
        response_target_at=moments.response_target_at,
        batch_at=rules.batches.of(severity, clocks.opened_at),
    )
