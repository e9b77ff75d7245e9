"""The clocks of cases as they are kept: begun with the case, and following what happens to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache

from prunella import audit, people
from prunella.cases import sla
from prunella.cases import store_clocks as store
from prunella.cases.record import R, Record
from prunella.cases.sla import Clocks, Rules
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.kit.timers import Timer
from prunella.people import Customer
from prunella.settings import Content
from prunella.settings.shipped import shipped

TIMER = "case.clock"
"""Fires when the next thing about the clocks of a case is due: a warning, a breach, a release."""


async def set_sla(tx: Tx, content: Content) -> None:
    """Keep what sla.toml says. Raises `ContentError` with everything that is wrong, in words."""
    sla.read(content)
    await store.set_rules(tx, content.text(sla.FILE))


async def sla_rules(tx: Tx) -> Rules:
    """Return the rules that hold: those of the content, before any was read the shipped ones."""
    return sla.read_rules(await store.rules(tx) or _shipped())


async def plan_for(tx: Tx, customer: Customer, *, severity: str) -> Clocks:
    """Return the clocks that a case of this customer would have if it were opened now."""
    return _begin(await sla_rules(tx), customer, severity=severity, opened_at=tx.now)


async def promised_at(tx: Tx, customer: Customer, *, severity: str = "medium") -> datetime:
    """Return by when this customer gets an answer if they ask now: what the contract says."""
    return (await plan_for(tx, customer, severity=severity)).response_due_at


async def start(tx: Tx, case: R, planned: Clocks) -> R:
    """Begin the clocks of a case that was just opened with this plan."""
    clocks = replace(planned, case_id=case.id)
    await keep(tx, clocks, await sla_rules(tx))
    return replace(case, due_at=clocks.due_at())


async def follow(tx: Tx, case: R) -> R:
    """Let the clocks follow the case, which its caller holds locked; return it with its deadline.

    May be called after any change: what did not change moves nothing.
    """
    rules = await sla_rules(tx)
    before = await _of(tx, case, rules)
    after = sla.follow(
        before,
        rules,
        status=case.status,
        severity=case.severity,
        answered_at=case.answered_at,
        now=tx.now,
    )
    if after != before:
        await keep(tx, after, rules)
        await _say_pause(tx, case, before, after)
    return replace(case, due_at=after.due_at())


async def keep(tx: Tx, clocks: Clocks, rules: Rules) -> None:
    """Write how the clocks stand, and wake up when the next thing about them is due."""
    await store.put(tx, clocks)
    await _arm(tx, clocks, rules)


async def clocks_of(tx: Tx, cases: Sequence[str]) -> dict[str, Clocks]:
    """Return the clocks by case. A case from before there were any has none until it changes."""
    rows = await store.of_cases(tx, cases)
    found = (Clocks(**row | _tuples(row)) for row in rows)
    return {clocks.case_id: clocks for clocks in found}


async def _of(tx: Tx, case: Record, rules: Rules) -> Clocks:
    known = (await clocks_of(tx, [case.id])).get(case.id)
    return known or await _late_start(tx, case, rules)


async def _late_start(tx: Tx, case: Record, rules: Rules) -> Clocks:
    """Return the clocks of a case that was opened before there were any: by what we know today."""
    customer = await people.find_customer(tx, case.customer)
    if customer is None:
        raise LookupError(case.customer)
    begun = _begin(rules, customer, severity=case.severity, opened_at=case.opened_at)
    return replace(begun, case_id=case.id)


def _begin(rules: Rules, customer: Customer, *, severity: str, opened_at: datetime) -> Clocks:
    return sla.begin(
        rules,
        plan=customer.plan,
        severity=severity,
        time_zone=customer.time_zone,
        country=customer.country,
        opened_at=opened_at,
    )


async def _arm(tx: Tx, clocks: Clocks, rules: Rules) -> None:
    moments = [at for _, at in sla.warnings(clocks, rules)]
    moments += [at for _, at in sla.breaches(clocks)]
    if moments:
        await tx.arm(Timer(TIMER, clocks.case_id, min(moments)))
    else:
        await tx.disarm(TIMER, clocks.case_id)


async def _say_pause(tx: Tx, case: Record, before: Clocks, after: Clocks) -> None:
    """A clock that stands still, or runs again, is part of the history."""
    if (before.paused_at is None) == (after.paused_at is None):
        return
    verb = "case.clock_paused" if after.paused_at else "case.clock_resumed"
    facts = {
        "response_due_at": _iso(after, "response"),
        "resolution_due_at": _iso(after, "resolution"),
    }
    await audit.record(
        tx, verb, case.id, customer=case.customer, because="waiting_for_customer", after=facts
    )
    await tx.emit(Event(verb, case.id, case.customer, facts))


def _iso(clocks: Clocks, clock: sla.Clock) -> str | None:
    at = clocks.contract_of(clock)
    return at.isoformat() if at else None


def _tuples(row: store.Row) -> dict[str, tuple[str, ...]]:
    return {name: tuple(row[name]) for name in ("warned", "breached")}


@cache
def _shipped() -> str:
    return (shipped("content") / sla.FILE).read_text(encoding="utf-8")
