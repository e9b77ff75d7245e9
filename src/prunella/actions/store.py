"""The rows of actions and their steps."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from prunella.actions.action import Action, Step
from prunella.kit.actor import Actor
from prunella.kit.house import Tx

_INSERT = """
with entered as (
  insert into actions
    (id, kind, customer, target, amount, currency, reason, params, requested_by, state, decision,
     business_key, contact, "case", created_at, settled_at, result)
  values
    (%(id)s, %(kind)s, %(customer)s, %(target)s, %(amount)s, %(currency)s, %(reason)s, %(params)s,
     %(requested_by)s, %(state)s, %(decision)s, %(business_key)s, %(contact)s, %(case)s,
     %(created_at)s, %(settled_at)s, %(result)s)
  returning id
)
insert into action_steps (action, n, state, at, because)
select entered.id, 0, 'requested', %(created_at)s, 'asked' from entered
union all
select entered.id, 1, %(state)s, %(created_at)s, %(because)s from entered
"""
_SAVE = """
update actions set state = %(state)s, submitted_at = %(submitted_at)s, attempts = %(attempts)s,
  looks = %(looks)s, settled_at = %(settled_at)s, result = %(result)s, error = %(error)s
where id = %(id)s
"""
_STEP = """
insert into action_steps (action, n, state, at, because)
select %(action)s, count(*), %(state)s, %(at)s, %(because)s
from action_steps where action = %(action)s
"""
_STEPS = "select state, at, because from action_steps where action = %s order by n"
_GET = "select * from actions where id = %s"
_SOME = "select * from actions where id = any(%s)"
_LOCK = "select * from actions where id = %s for update"
_OPEN_BY_KEY = """
select * from actions where business_key = %s
  and state in ('requested', 'awaiting_approval', 'approved', 'submitting', 'unknown')
"""
_OPEN_PAYMENT = """
select * from actions where target = %s and kind = 'retry_payment'
  and state in ('requested', 'awaiting_approval', 'approved', 'submitting', 'unknown')
"""
_OF_CUSTOMER = """
select * from actions where customer = any(%s) order by created_at desc, id desc limit %s
"""
_SENT_SINCE = """
select * from actions where customer = %s and kind = %s
  and (submitted_at >= %s or state in ('approved', 'submitting', 'unknown'))
"""
_REFUNDS_OF = """
select * from actions where target = %s and kind = 'refund' and state not in ('denied', 'failed')
"""
_CLAIMED = """
select result ->> 'charge' as done, error ->> 'charge' as refused from actions
where target = %s and id <> %s and submitted_at is not null
"""
# Requests of one customer take turns, so that what is counted stays true until the commit.
_TURN = "select pg_advisory_xact_lock(hashtextextended('actions:' || %s, 0))"
# So do those for one attempt: none is entered while another of its name is.
_TURNS = """
select pg_advisory_xact_lock(hashtextextended('actions:' || %s, 0)),
  pg_advisory_xact_lock(hashtextextended('actions.attempt:' || %s, 0))
"""


async def insert(tx: Tx, action: Action, *, because: str) -> None:
    """Write a new action and its first two steps: asked for, then what its decision made of it.

    In the turn of its attempt, for which none is open.
    """
    await tx.send(_INSERT, _row(action) | {"because": because})


async def save(tx: Tx, action: Action) -> None:
    await tx.send(_SAVE, _row(action))


async def add_step(tx: Tx, action: str, step: Step) -> None:
    await tx.send(_STEP, {"action": action, **asdict(step)})


async def steps(tx: Tx, action: str) -> list[Step]:
    return [Step(**row) for row in await tx.all(_STEPS, (action,))]


async def get(tx: Tx, action: str) -> Action | None:
    return _action(await tx.one(_GET, (action,)))


async def some(tx: Tx, actions: list[str]) -> dict[str, Action]:
    return {row["id"]: _known(row) for row in await tx.all(_SOME, (actions,))}


async def lock(tx: Tx, action: str) -> Action | None:
    return _action(await tx.one(_LOCK, (action,)))


async def take_turn(tx: Tx, customer: str) -> None:
    await tx.send(_TURN, (customer,))


async def take_turns(tx: Tx, customer: str, *, business_key: str) -> None:
    """Take the customer's turn and that of the attempt, kept to the commit."""
    await tx.send(_TURNS, (customer, business_key))


async def open_by_key(tx: Tx, business_key: str) -> Action | None:
    return _action(await tx.one(_OPEN_BY_KEY, (business_key,)))


async def open_payment(tx: Tx, invoice: str) -> Action | None:
    return _action(await tx.one(_OPEN_PAYMENT, (invoice,)))


async def of_customer(tx: Tx, customers: list[str], limit: int) -> list[Action]:
    return [_known(row) for row in await tx.all(_OF_CUSTOMER, (customers, limit))]


async def sent_since(tx: Tx, customer: str, *, kind: str, since: datetime) -> list[Action]:
    return [_known(row) for row in await tx.all(_SENT_SINCE, (customer, kind, since))]


async def refunds_of(tx: Tx, charge: str) -> list[Action]:
    """Return our refunds of a charge that went through, or still may."""
    return [_known(row) for row in await tx.all(_REFUNDS_OF, (charge,))]


async def charges_of_others(tx: Tx, action: Action) -> set[str]:
    """Return the charges that are known to be of other actions on the same target."""
    rows = await tx.all(_CLAIMED, (action.target, action.id))
    return {charge for row in rows for charge in row.values() if charge}


def _row(action: Action) -> dict[str, Any]:
    jsons = {
        "params": Jsonb(dict(action.params)),
        "requested_by": Jsonb(asdict(action.requested_by)),
        "decision": Jsonb(action.decision),
        "result": Jsonb(action.result),
        "error": None if action.error is None else Jsonb(action.error),
    }
    return {name: getattr(action, name) for name in Action.__slots__} | jsons


def _action(row: DictRow | None) -> Action | None:
    return _known(row) if row else None


def _known(row: DictRow) -> Action:
    return Action(**row | {"requested_by": Actor(**row["requested_by"])})
