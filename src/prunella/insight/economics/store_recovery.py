"""Counting recovery plans. Reads the tables of tier 0; writes nothing."""

from datetime import datetime

from psycopg.rows import DictRow

from prunella.kit.house import Tx

Row = DictRow

# Paid is paid, whatever ended the plan: a person's help counts on both sides alike.
_ARMS = """
select currency, held_out,
  count(*) as failed,
  count(*) filter (where state = 'running' and paid_at is null) as running,
  count(paid_at) as paid,
  sum(amount)::bigint as amount,
  coalesce(sum(amount) filter (where state = 'running' and paid_at is null), 0)::bigint
    as amount_running,
  coalesce(sum(amount) filter (where paid_at is not null), 0)::bigint as amount_paid
from recovery_plans where opened_at >= %s and opened_at < %s
group by currency, held_out
"""


async def arms(tx: Tx, *, since: datetime, until: datetime) -> list[Row]:
    return await tx.all(_ARMS, (since, until))
