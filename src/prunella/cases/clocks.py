"""The clocks of cases as they are kept: begun with the case, and following what happens to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from prunella import audit, people
from prunella.cases import sla
from prunella.cases import store_clocks as store
from prunella.cases.record import R, Record
from prunella.cases.sla import Clocks, Rules
from prunella.cases.sla_rules import sla_rules
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.kit.timers import Timer
from prunella.people import Customer

CLOCK = "case.clock"
"""Fires when the next thing about the clocks of a case is due: a warning, a breach, a release."""


async def plan_for(tx: Tx, customer: Customer, *, severity: str) -> Clocks:
    """Return the clocks that a case of this customer would have if it were opened now."""
    return _begin(await sla_rules(tx), customer, severity=severity, opened_at=tx.now)


async def promised_at(tx: Tx, customer: Customer, *, severity: str = "medium") -> datetime:
    """Return by when this customer gets an answer if they ask now: what the contract says."""
    return (await plan_for(tx, customer, severity=severity)).response_due_at


@dataclass(frozen=True, slots=True)
class Start:
    """The clocks of a case that is about to be opened, and the rules they run by."""

    clocks: Clocks
    rules: Rules


async def plan_start(tx: Tx, customer: Customer, *, severity: str, spam: bool) -> Start:
    """Return how the clocks of a case stand that is opened now."""
    rules = await sla_rules(tx)
    begun = _begin(rules, customer, severity=severity, opened_at=tx.now)
    clocks = sla.follow(
        begun, rules, status="new", severity=severity, answered_at=None, spam=spam, now=tx.now
    )
    return Start(clocks, rules)


async def start(tx: Tx, case: str, planned: Start) -> Clocks:
    """Let the clocks run that were written with a case, as they were planned."""
    clocks = replace(planned.clocks, case_id=case)
    await _wake(tx, clocks, planned.rules, armed=False)
    return clocks


async def follow(tx: Tx, case: R) -> R:
    """Let the clocks follow the case, which its caller holds locked; return it with its deadline.

    May be called after any change: what did not change moves nothing.
    """
    rules = await sla_rules(tx)
    before = await _of(tx, case, rules)
    after = _at(tx, case, before, rules)
    if after != before:
        await keep(tx, after, rules)
        await _say_pause(tx, case, before, after)
    return replace(case, due_at=after.due_at())


async def hear(tx: Tx, case: R) -> R:
    """The customer wrote on a case that is held: they wait for an answer from now on."""
    rules = await sla_rules(tx)
    before = await _of(tx, case, rules)
    return await _keep_changed(tx, case, before, sla.hear(before, rules, tx.now), rules)


async def reply(tx: Tx, case: R) -> R:
    """The customer has an answer, also where the case stays open."""
    rules = await sla_rules(tx)
    before = await _of(tx, case, rules)
    return await _keep_changed(tx, case, before, sla.reply(before), rules)


async def move(tx: Tx, case: R, customer: Customer) -> R:
    """A guest's case is this customer's now: from its opening on it runs by their contract."""
    rules = await sla_rules(tx)
    before = await _of(tx, case, rules)
    theirs = replace(
        before, plan=customer.plan, time_zone=customer.time_zone, country=customer.country
    )
    after = sla.with_deadlines(theirs, rules, case.severity)
    return await _keep_changed(tx, case, before, after, rules)


async def keep(tx: Tx, clocks: Clocks, rules: Rules) -> None:
    """Write how the clocks stand, and wake up when the next thing about them is due."""
    await store.put(tx, clocks)
    await _wake(tx, clocks, rules, armed=True)


async def clocks_of(tx: Tx, cases: Sequence[str]) -> dict[str, Clocks]:
    """Return the clocks by case. The worker begins those of cases from before there were any."""
    return {row["case_id"]: store.clocks(row) for row in await store.of_cases(tx, cases)}


async def _wake(tx: Tx, clocks: Clocks, rules: Rules, *, armed: bool) -> None:
    moments = [at for _, at in (*sla.warnings(clocks, rules), *sla.breaches(clocks))]
    moments += [clocks.watched_at] if clocks.watched_at else []
    if moments:
        await tx.arm(Timer(CLOCK, clocks.case_id, min(moments)))
    elif armed:
        await tx.disarm(CLOCK, clocks.case_id)


def _at(tx: Tx, case: Record, clocks: Clocks, rules: Rules) -> Clocks:
    after = sla.follow(
        clocks,
        rules,
        status=case.status,
        severity=case.severity,
        answered_at=case.answered_at,
        spam=case.spam,
        now=tx.now,
    )
    return sla.watch(clocks, after, rules, assignee=case.assignee, status=case.status, now=tx.now)


async def _keep_changed(tx: Tx, case: R, before: Clocks, after: Clocks, rules: Rules) -> R:
    if after == before:
        return case
    watched = sla.watch(
        before, after, rules, assignee=case.assignee, status=case.status, now=tx.now
    )
    await keep(tx, watched, rules)
    return replace(case, due_at=watched.due_at())


async def _of(tx: Tx, case: Record, rules: Rules) -> Clocks:
    known = (await clocks_of(tx, [case.id])).get(case.id)
    return known or await _late_start(tx, case, rules)


async def _late_start(tx: Tx, case: Record, rules: Rules) -> Clocks:
    """Begin the clocks of a case that was opened before there were any: by what we know today."""
    customer = await people.find_customer(tx, case.customer)
    if customer is None:
        raise LookupError(case.customer)
    begun = _begin(rules, customer, severity=case.severity, opened_at=case.opened_at)
    waits_since = None
    if case.status == sla.PAUSING:
        waits_since = await store.last_answer(tx, case.id) or case.answered_at or tx.now
    known = replace(begun, case_id=case.id, responded_at=case.answered_at)
    clocks = sla.begun_late(known, rules, waits_since=waits_since, now=tx.now)
    await keep(tx, clocks, rules)
    return clocks


def _begin(rules: Rules, customer: Customer, *, severity: str, opened_at: datetime) -> Clocks:
    return sla.begin(
        rules,
        plan=customer.plan,
        severity=severity,
        time_zone=customer.time_zone,
        country=customer.country,
        opened_at=opened_at,
    )


async def _say_pause(tx: Tx, case: Record, before: Clocks, after: Clocks) -> None:
    """A clock that stands still, or runs again, is part of the history."""
    if (before.paused_at is None) == (after.paused_at is None):
        return
    verb = "case.clock_paused" if after.paused_at else "case.clock_resumed"
    resolution = after.resolution_due_at
    facts = {
        "response_due_at": after.response_due_at.isoformat(),
        "resolution_due_at": resolution.isoformat() if resolution else None,
    }
    await audit.record(
        tx, verb, case.id, customer=case.customer, because="waiting_for_customer", after=facts
    )
    await tx.emit(Event(verb, case.id, case.customer, facts))
