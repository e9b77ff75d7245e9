"""What counts against limits: refunds of a customer, and the day's automatic money."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import DictRow

from prunella.kit.house import Tx

# The kinds are those of `policy.GIVES`, said here so that their index serves on every plan. What a
# person let go, after the brake had held it, is theirs. Where a used-up day went on, what was used
# by then counts no more.
_TODAY = """
select exists (select from brakes where lifted_at is null) as stopped,
  coalesce(jsonb_object_agg(currency, amount), '{}') as given
from (
  select lower(currency) as currency, sum(amount)::bigint as amount from actions a
  where %(counted)s and kind in ('refund', 'credit_balance', 'credit_note')
    and created_at > greatest(%(since)s, (select max(lifted_at) from automatic_alarms))
    and amount > 0 and state in ('approved', 'submitting', 'unknown', 'succeeded')
    and requested_by ->> 'kind' <> 'staff' and decision ->> 'verdict' = 'allow'
    and not exists (select 1 from approvals p where p.action = a.id and p.outcome = 'approved')
  group by 1
) today
"""
_GIVEN = """
select id, kind, target, amount, currency, state, params, result, result ->> 'refund' as refund
from actions
where customer = any(%(customers)s) and kind = any(%(gives)s) and state not in ('denied', 'failed')
  and (created_at > %(since)s or state <> 'succeeded')
"""


@dataclass(frozen=True, slots=True)
class Today:
    """Whether the brake is pulled; what went out by itself, in minor units by currency."""

    stopped: bool
    given: Mapping[str, int]


async def today(tx: Tx, *, since: datetime, counted: bool = True) -> Today:
    """Where the money is not `counted`, only the brake is looked at."""
    row = await tx.one(_TODAY, {"counted": counted, "since": since})
    return Today(**row) if row else Today(stopped=True, given={})


async def given_to(
    tx: Tx, customers: list[str], *, gives: list[str], since: datetime
) -> list[DictRow]:
    """Return what we gave a customer, by all their names, that went through or still may."""
    return await tx.all(_GIVEN, {"customers": customers, "gives": gives, "since": since})
