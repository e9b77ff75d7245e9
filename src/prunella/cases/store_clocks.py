"""Rows of the clocks of cases, and of the rules they run by."""

from collections.abc import Sequence
from dataclasses import asdict

from psycopg.rows import DictRow

from prunella.cases.sla import Clocks
from prunella.kit.house import Tx

Row = DictRow

_RULES = "select text from sla_rules"
_SET_RULES = """
insert into sla_rules (text) values (%s) on conflict ("only") do update set text = excluded.text
"""
_PUT = """
with due as (
  update cases set due_at = %(due_at)s where id = %(case_id)s
    and due_at is distinct from %(due_at)s::timestamptz
)
insert into case_clocks (case_id, plan, severity, time_zone, country, opened_at,
  response_due_at, response_target_at, resolution_due_at, resolution_target_at, batch_at,
  responded_at, resolved_at, paused_at, paused_for, warned, breached, watched, watched_at)
values (%(case_id)s, %(plan)s, %(severity)s, %(time_zone)s, %(country)s, %(opened_at)s,
  %(response_due_at)s, %(response_target_at)s, %(resolution_due_at)s, %(resolution_target_at)s,
  %(batch_at)s, %(responded_at)s, %(resolved_at)s, %(paused_at)s, %(paused_for)s, %(warned)s,
  %(breached)s, %(watched)s, %(watched_at)s)
on conflict (case_id) do update set severity = excluded.severity,
  response_due_at = excluded.response_due_at, response_target_at = excluded.response_target_at,
  resolution_due_at = excluded.resolution_due_at,
  resolution_target_at = excluded.resolution_target_at, batch_at = excluded.batch_at,
  responded_at = excluded.responded_at, resolved_at = excluded.resolved_at,
  paused_at = excluded.paused_at, paused_for = excluded.paused_for, warned = excluded.warned,
  breached = excluded.breached, watched = excluded.watched, watched_at = excluded.watched_at
"""
_OF_CASES = "select * from case_clocks where case_id = any(%s)"


async def rules(tx: Tx) -> str | None:
    row = await tx.one(_RULES)
    return row["text"] if row else None


async def set_rules(tx: Tx, text: str) -> None:
    await tx.execute(_SET_RULES, (text,))


async def put(tx: Tx, clocks: Clocks) -> None:
    """Write how the clocks stand, and the deadline that the inbox goes by."""
    lists = {"warned": list(clocks.warned), "breached": list(clocks.breached)}
    await tx.execute(_PUT, asdict(clocks) | lists | {"due_at": clocks.due_at()})


async def of_cases(tx: Tx, cases: Sequence[str]) -> list[Row]:
    return await tx.all(_OF_CASES, (list(cases),))
