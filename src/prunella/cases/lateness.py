"""What happens when it gets late: a warning, a step up the ladder, another colleague."""

from __future__ import annotations

from dataclasses import replace

from prunella import audit
from prunella.cases import clocks as kept
from prunella.cases import sla, store, store_clocks
from prunella.cases.attainment import MAX_IN_BATCHES
from prunella.cases.case import Case
from prunella.cases.record import OPEN
from prunella.cases.sla import Clock, Clocks, Rules
from prunella.cases.sla_rules import arm_batch, sla_rules
from prunella.cases.working import LEVELS
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.kit.timers import Timer


async def on_clock(tx: Tx, timer: Timer) -> None:
    """Look at the clocks of a case: handler of the timer `case.clock`."""
    row = await store.lock_case(tx, timer.subject)
    clocks = (await kept.clocks_of(tx, [timer.subject])).get(timer.subject)
    if row is None or clocks is None or row["id"] != timer.subject or row["status"] not in OPEN:
        return
    case, rules = Case.of(row), await sla_rules(tx)
    late = [clock for clock, at in sla.breaches(clocks) if at <= tx.now]
    soon = [clock for clock, at in sla.warnings(clocks, rules) if at <= tx.now]
    told = replace(clocks, warned=_with(clocks.warned, soon), breached=_with(clocks.breached, late))
    await kept.keep(tx, told, rules)
    for clock in soon:
        if clock not in late:
            await tx.emit(_event("case.sla_warned", case, told, clock))
    for clock in late:
        case = await _breach(tx, case, told, clock)
    await _mind_silence(tx, case, rules)


async def _breach(tx: Tx, case: Case, clocks: Clocks, clock: Clock) -> Case:
    """Tell it once, and move the case one step up the ladder."""
    facts: dict[str, audit.Value] = {"clock": clock, "severity": case.severity}
    await audit.record(
        tx, "case.sla_breached", case.id, customer=case.customer, because="late", after=facts
    )
    await tx.emit(_event("case.sla_breached", case, clocks, clock))
    higher = LEVELS[LEVELS.index(case.level) + 1 :]
    return await case.escalate(tx, to=higher[0], because="sla_breached") if higher else case


async def _mind_silence(tx: Tx, case: Case, rules: Rules) -> None:
    """Take the case from somebody of whom nothing was heard; whoever spoke has time again."""
    clocks = (await kept.clocks_of(tx, [case.id]))[case.id]
    if clocks.watched is None or clocks.watched_at is None or clocks.watched_at > tx.now:
        return
    spoke_at = await store_clocks.last_word(tx, case.id, clocks.watched)
    if spoke_at and clocks.watched_since and spoke_at >= clocks.watched_since:
        await kept.keep(tx, sla.watch_anew(clocks, rules, tx.now), rules)
        return
    await kept.keep(tx, sla.lose(clocks), rules)
    await tx.emit(Event("case.released", case.id, case.customer, {"colleague": clocks.watched}))
    await case.assign(tx, to=None, because="silent")


async def on_batch(tx: Tx, timer: Timer) -> None:
    """It is time to answer a batch: handler of the timer `sla.batch`."""
    waiting = await store_clocks.in_batches(tx, MAX_IN_BATCHES)
    cases = [row["case_id"] for row in waiting if row["batch_at"] <= tx.now]
    if cases:
        await tx.emit(Event("sla.batch_due", timer.subject, data={"cases": len(cases)}))
    await arm_batch(tx, await sla_rules(tx))


def _event(name: str, case: Case, clocks: Clocks, clock: Clock) -> Event:
    target, contract = clocks.target_of(clock), clocks.contract_of(clock)
    data = {
        "clock": clock,
        "assignee": case.assignee,
        "team": case.team,
        "target_at": target.isoformat() if target else None,
        "due_at": contract.isoformat() if contract else None,
    }
    return Event(name, case.id, case.customer, data)


def _with(told: tuple[Clock, ...], more: list[Clock]) -> tuple[Clock, ...]:
    return tuple(dict.fromkeys((*told, *more)))
