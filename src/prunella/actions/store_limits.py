"""What counts against limits: refunds of a customer, and the day's automatic money."""

from datetime import datetime

from psycopg.rows import DictRow

from prunella.kit.house import Tx

# Whoever gives money by themselves takes turns, so that the day's sum stays true until the commit.
_TURN = "select pg_advisory_xact_lock(hashtextextended('actions.automatic_money', 0))"
# What a person let go, after the brake had held it, is theirs.
_TODAY = """
select currency, sum(amount)::bigint as amount from actions a
where kind = any(%(gives)s) and created_at > %(since)s and amount > 0
  and state in ('approved', 'submitting', 'unknown', 'succeeded')
  and requested_by ->> 'kind' <> 'staff' and decision ->> 'verdict' = 'allow'
  and not exists (select 1 from approvals p where p.action = a.id and p.outcome = 'approved')
group by currency
"""
_GIVEN = """
select id, kind, target, amount, currency, state, params, result, result ->> 'refund' as refund
from actions
where customer = any(%(customers)s) and kind = any(%(gives)s) and state not in ('denied', 'failed')
  and (created_at > %(since)s or state <> 'succeeded')
"""


async def take_turn(tx: Tx) -> None:
    await tx.send(_TURN)


async def automatic_since(tx: Tx, *, gives: list[str], since: datetime) -> dict[str, int]:
    """Return what went out by itself, in minor units by currency."""
    rows = await tx.all(_TODAY, {"gives": gives, "since": since})
    return {row["currency"].lower(): row["amount"] for row in rows}


async def given_to(
    tx: Tx, customers: list[str], *, gives: list[str], since: datetime
) -> list[DictRow]:
    """Return what we gave a customer, by all their names, that went through or still may."""
    return await tx.all(_GIVEN, {"customers": customers, "gives": gives, "since": since})
