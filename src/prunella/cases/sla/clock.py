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
    `reply_since`: since when the customer waits for a further answer. `paused_at`: since when the
    clocks wait for the customer; `paused_for`: open time they waited before. `batch_at`: with
    which batch it is answered. `watched` has the case since `watched_since`, and loses it at
    `watched_at` if nothing is heard of them; `lost_by` did.
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
    reply_since: datetime | None = None
    reply_target_at: datetime | None = None
    batch_at: datetime | None = None
    responded_at: datetime | None = None
    resolved_at: datetime | None = None
    paused_at: datetime | None = None
    paused_for: timedelta = timedelta()
    warned: tuple[Clock, ...] = ()
    breached: tuple[Clock, ...] = ()
    watched: str | None = None
    watched_since: datetime | None = None
    watched_at: datetime | None = None
    lost_by: tuple[str, ...] = ()

    def due_at(self) -> datetime | None:
        """Return the next deadline we run at; None while nothing runs."""
        running = self.running()
        moments = [self.target_of(clock) for clock in running]
        moments += [self.batch_at] if "response" in running else []
        return min((one for one in moments if one), default=None)

    def running(self) -> tuple[Clock, ...]:
        """Return the clocks that run now."""
        if self.stopped_at():
            return ()
        done = {"response"} if self.responded_at else set()
        return tuple(one for one in CLOCKS if self.target_of(one) and one not in done)

    def stopped_at(self) -> datetime | None:
        return self.resolved_at or self.paused_at

    def target_of(self, clock: Clock) -> datetime | None:
        targets = {
            "response": self.response_target_at,
            "resolution": self.resolution_target_at,
            "reply": self.reply_target_at,
        }
        return targets[clock]

    def contract_of(self, clock: Clock) -> datetime | None:
        contract = {"response": self.response_due_at, "resolution": self.resolution_due_at}
        return contract.get(clock)


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
    spam: bool = False,
) -> Clocks:
    """Return the clocks as they stand after what happened to the case.

    They stand still while it is pending, and while it is solved: what a reopened case had left, it
    has left again. A deadline that is met does not move any more.
    """
    moved = replace(clocks, responded_at=answered_at)
    kind = "resolved" if spam else _kind_of_stop(status)
    if kind != _stopped_as(clocks):
        moved = _stop_or_go(moved, rules, kind, now)
    if (moved.paused_for, severity) != (clocks.paused_for, clocks.severity):
        moved = with_deadlines(moved, rules, severity)
    return moved


def hear(clocks: Clocks, rules: Rules, now: datetime) -> Clocks:
    """The customer wrote: once they had an answer, they wait for the next one from now on."""
    if clocks.responded_at is None or clocks.reply_since or clocks.stopped_at():
        return clocks
    hours = hours_of(clocks, rules)
    within = rules.terms(clocks.plan).response_within(clocks.severity, hours)
    return replace(
        clocks,
        reply_since=now,
        reply_target_at=hours.after(now, within),
        warned=_without_reply(clocks.warned),
        breached=_without_reply(clocks.breached),
    )


def reply(clocks: Clocks) -> Clocks:
    """They have their next answer."""
    return replace(clocks, reply_since=None, reply_target_at=None)


def with_deadlines(clocks: Clocks, rules: Rules, severity: str) -> Clocks:
    """Return the clocks with their deadlines counted anew; what was answered in time stays so."""
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


def warnings(clocks: Clocks, rules: Rules) -> Iterator[tuple[Clock, datetime]]:
    """Return when each clock that runs is to be warned of, if that was not done yet."""
    for clock in clocks.running():
        if clock not in clocks.warned:
            yield clock, _warn_at(clocks, rules, clock)


def breaches(clocks: Clocks) -> Iterator[tuple[Clock, datetime]]:
    """Return when each clock that runs is late, if that was not told yet."""
    for clock in clocks.running():
        target = clocks.target_of(clock)
        if target is not None and clock not in clocks.breached:
            yield clock, target


def hours_of(clocks: Clocks, rules: Rules) -> Hours:
    return rules.hours(clocks.plan, clocks.time_zone, clocks.country)


def _warn_at(clocks: Clocks, rules: Rules, clock: Clock) -> datetime:
    hours, terms = hours_of(clocks, rules), rules.terms(clocks.plan)
    if clock == "reply":
        within = terms.response_within(clocks.severity, hours)
        return hours.after(clocks.reply_since or clocks.opened_at, within * rules.warn_at)
    if clock == "response":
        within = terms.response_within(clocks.severity, hours)
    else:
        within = terms.resolution_within(clocks.severity, hours) or timedelta()
    return hours.after(clocks.opened_at, within * rules.warn_at + clocks.paused_for)


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
        reply(clocks),
        paused_for=clocks.paused_for + stood,
        paused_at=now if kind == "paused" else None,
        resolved_at=now if kind == "resolved" else None,
    )


def _without_reply(told: tuple[Clock, ...]) -> tuple[Clock, ...]:
    return tuple(one for one in told if one != "reply")
