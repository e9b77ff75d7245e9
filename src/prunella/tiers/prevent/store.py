"""Rows of recovery plans and their steps."""

from datetime import datetime
from typing import Any

from psycopg.rows import DictRow

from prunella.kit.house import Tx
from prunella.kit.money import Money
from prunella.tiers.prevent.plan import Plan, Step

_OPEN = """
insert into recovery_plans (invoice, customer, subscription, decline_class, held_out, amount,
  currency, state, content, opened_at)
values (%(invoice)s, %(customer)s, %(subscription)s, %(decline_class)s, %(held_out)s, %(amount)s,
  %(currency)s, 'running', %(content)s, %(now)s)
on conflict (invoice) do nothing
"""
_GET = "select * from recovery_plans where invoice = %s"
_LOCK = "select * from recovery_plans where invoice = %s for update"
_STEPS = "select * from recovery_steps where invoice = %s order by coalesce(at, due_at), id"
_RUNNING = """
select invoice from recovery_plans where customer = %s and state = 'running' order by invoice
"""
_OF_CUSTOMER = """
select * from recovery_plans where customer = any(%s) order by opened_at desc, invoice limit %s
"""
_RECLASSIFY = "update recovery_plans set decline_class = %s where invoice = %s"
_STRIPE_STOPPED = "update recovery_plans set stripe_stopped_at = %s where invoice = %s"
_END = """
update recovery_plans set state = 'ended', ended_because = %s, ended_at = %s
where invoice = %s and state = 'running'
"""
_STOPPED_FOR_PERSON = """
select invoice from recovery_plans
where customer = any(%s) and ended_because = 'person' order by invoice
"""
# Stripe may try again meanwhile or not: that is looked at anew.
_RESUME = """
update recovery_plans set state = 'running', ended_because = null, ended_at = null,
  stripe_stopped_at = null, customer = %s, decline_class = %s, resumed_at = %s
where invoice = %s and state = 'ended'
"""
_PAID = "update recovery_plans set paid_at = %s where invoice = %s and paid_at is null"
_ADD_STEP = """
insert into recovery_steps (invoice, kind, name, state, planned_at, due_at, at, reason, ref)
values (%(invoice)s, %(kind)s, %(name)s, %(state)s, %(planned_at)s, %(due_at)s, %(at)s, %(reason)s,
  %(ref)s)
on conflict (invoice, kind, name, planned_at) do nothing
"""
_SAVE_STEP = """
update recovery_steps set state = %s, due_at = %s, at = %s, reason = %s, ref = %s where id = %s
"""
# Counted up to what matters: whether there are enough of them.
_AT_LEAST = """
select count(*) as n from
  (select 1 from mirror_objects where kind = 'customer' and not deleted limit %s) found
"""


async def open_plan(tx: Tx, values: dict[str, Any]) -> bool:
    """Insert the plan; False when the invoice has one."""
    return bool(await tx.execute(_OPEN, values | {"now": tx.now}))


async def get(tx: Tx, invoice: str) -> Plan | None:
    return await _whole(tx, await tx.one(_GET, (invoice,)))


async def lock(tx: Tx, invoice: str) -> Plan | None:
    return await _whole(tx, await tx.one(_LOCK, (invoice,)))


async def running(tx: Tx, customer: str) -> list[str]:
    """Return the invoices whose plans run, always in the same order."""
    return [row["invoice"] for row in await tx.all(_RUNNING, (customer,))]


async def of_customer(tx: Tx, customers: list[str], limit: int) -> list[Plan]:
    rows = await tx.all(_OF_CUSTOMER, (customers, limit))
    return [plan for row in rows if (plan := await _whole(tx, row))]


async def reclassify(tx: Tx, invoice: str, decline_class: str) -> None:
    await tx.execute(_RECLASSIFY, (decline_class, invoice))


async def stripe_stopped(tx: Tx, invoice: str, at: datetime | None) -> None:
    await tx.execute(_STRIPE_STOPPED, (at, invoice))


async def end(tx: Tx, invoice: str, because: str) -> bool:
    return bool(await tx.execute(_END, (because, tx.now, invoice)))


async def stopped_for_person(tx: Tx, customers: list[str]) -> list[str]:
    """Return the invoices whose plans stopped because a person took over."""
    return [row["invoice"] for row in await tx.all(_STOPPED_FOR_PERSON, (customers,))]


async def resume(tx: Tx, invoice: str, *, customer: str, decline_class: str, at: datetime) -> None:
    await tx.execute(_RESUME, (customer, decline_class, at, invoice))


async def paid(tx: Tx, invoice: str, at: datetime) -> None:
    await tx.execute(_PAID, (at, invoice))


async def add_steps(tx: Tx, invoice: str, steps: list[Step]) -> None:
    if steps:
        await tx.many(_ADD_STEP, [{"invoice": invoice, **_row(step)} for step in steps])


async def save_step(tx: Tx, step: Step) -> None:
    row = (step.state, step.due_at, step.at, step.reason, step.ref, step.id)
    await tx.execute(_SAVE_STEP, row)


async def has_customers(tx: Tx, least: int) -> bool:
    row = await tx.one(_AT_LEAST, (least,))
    return row is not None and row["n"] >= least


async def _whole(tx: Tx, row: DictRow | None) -> Plan | None:
    if row is None:
        return None
    steps = await tx.all(_STEPS, (row["invoice"],))
    money = Money(row.pop("amount"), row.pop("currency"))
    return Plan(**row, amount=money, steps=tuple(_step(step) for step in steps))


def _step(row: DictRow) -> Step:
    row.pop("invoice")
    return Step(**row)


def _row(step: Step) -> dict[str, Any]:
    return {
        "kind": step.kind,
        "name": step.name,
        "state": step.state,
        "planned_at": step.planned_at,
        "due_at": step.due_at,
        "at": step.at,
        "reason": step.reason,
        "ref": step.ref,
    }
