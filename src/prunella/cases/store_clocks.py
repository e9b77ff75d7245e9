"""Rows of the clocks of cases, and of the rules they run by."""

from collections.abc import Sequence
from datetime import datetime

from psycopg.rows import DictRow

from prunella.cases.sla import Clocks
from prunella.kit.house import Tx

Row = DictRow

_RULES = "select (select text from sla_rules) as text, time_zone from company"
_SET_RULES = """
insert into sla_rules (text, assigns) values (%s, %s)
on conflict ("only") do update set text = excluded.text, assigns = excluded.assigns
where (sla_rules.text, sla_rules.assigns) <> (excluded.text, excluded.assigns)
"""
_PUT = """
with due as (
  update cases set due_at = %(due_at)s where id = %(case_id)s
    and due_at is distinct from %(due_at)s::timestamptz
)
insert into case_clocks (case_id, plan, severity, time_zone, country, opened_at,
  response_due_at, response_target_at, resolution_due_at, resolution_target_at, reply_since,
  reply_target_at, batch_at, responded_at, resolved_at, paused_at, paused_for, warned, breached,
  watched, watched_since, watched_at, lost_by)
values (%(case_id)s, %(plan)s, %(severity)s, %(time_zone)s, %(country)s, %(opened_at)s,
  %(response_due_at)s, %(response_target_at)s, %(resolution_due_at)s, %(resolution_target_at)s,
  %(reply_since)s, %(reply_target_at)s, %(batch_at)s, %(responded_at)s, %(resolved_at)s,
  %(paused_at)s, %(paused_for)s, %(warned)s, %(breached)s, %(watched)s, %(watched_since)s,
  %(watched_at)s, %(lost_by)s)
on conflict (case_id) do update set plan = excluded.plan, severity = excluded.severity,
  time_zone = excluded.time_zone, country = excluded.country,
  response_due_at = excluded.response_due_at, response_target_at = excluded.response_target_at,
  resolution_due_at = excluded.resolution_due_at,
  resolution_target_at = excluded.resolution_target_at, reply_since = excluded.reply_since,
  reply_target_at = excluded.reply_target_at, batch_at = excluded.batch_at,
  responded_at = excluded.responded_at, resolved_at = excluded.resolved_at,
  paused_at = excluded.paused_at, paused_for = excluded.paused_for, warned = excluded.warned,
  breached = excluded.breached, watched = excluded.watched,
  watched_since = excluded.watched_since, watched_at = excluded.watched_at,
  lost_by = excluded.lost_by
"""
_OF_CASES = "select * from case_clocks where case_id = any(%s)"
_WITHOUT = """
select c.id from cases c
where c.status in ('new', 'open', 'pending', 'on_hold') and c.id > %s
  and not exists (select from case_clocks k where k.case_id = c.id)
order by c.id limit %s
"""
_NEVER_CLOSING = """
select c.id from cases c
where c.status = 'solved' and c.id > %(after)s
  and not exists (select from timers t where t.name = %(timer)s and t.subject = c.id)
order by c.id limit %(most)s
"""
_LAST_ANSWER = """
select max(created_at) as at from messages where case_id = %s and direction = 'out'
"""
_LAST_WORD = """
select max(created_at) as at from messages
where case_id = %s and author_id = %s and direction in ('out', 'note')
"""
_IN_BATCHES = """
select k.batch_at, k.case_id from case_clocks k join cases c on c.id = k.case_id
where k.batch_at is not null and k.responded_at is null and k.resolved_at is null
  and k.paused_at is null and not c.spam
order by k.batch_at, k.case_id limit %s
"""
# Answered or not, a case counts once it is known whether the contract was kept: an answer that is
# still owed in time counts on neither side. One that was settled without an answer was answered.
_ATTAINMENT = """
select plan, count(*) filter (where at <= response_due_at) as kept,
  count(*) filter (where at > response_due_at) as missed
from (
  select coalesce(k.plan, %(unknown)s) as plan, k.response_due_at,
    coalesce(k.responded_at, k.resolved_at, %(now)s) as at,
    k.responded_at is null and k.resolved_at is null
      and (k.paused_at is not null or k.response_due_at >= %(now)s) as undecided
  from case_clocks k
  where k.opened_at >= %(since)s and not exists (
    select from cases c where c.id = k.case_id and (c.spam or c.merged_into is not null)
  )
) found
where not undecided
group by plan
"""


async def rules(tx: Tx) -> Row:
    """Return the `text` of the rules, null before any was kept, and the company's `time_zone`."""
    return await tx.one(_RULES) or {}


async def set_rules(tx: Tx, text: str, *, assigns: bool) -> None:
    """`assigns`: they give queues out, so whoever gives them out wants to hear."""
    await tx.execute(_SET_RULES, (text, assigns))


async def put(tx: Tx, clocks: Clocks) -> None:
    """Write how the clocks stand, and the deadline that the inbox goes by."""
    lists = {name: list(getattr(clocks, name)) for name in ("warned", "breached", "lost_by")}
    values = {name: getattr(clocks, name) for name in Clocks.__slots__}
    await tx.send(_PUT, values | lists | {"due_at": clocks.due_at()})


async def of_cases(tx: Tx, cases: Sequence[str]) -> list[Row]:
    return await tx.all(_OF_CASES, (list(cases),))


def clocks(row: Row) -> Clocks:
    lists = {name: tuple(row[name]) for name in ("warned", "breached", "lost_by")}
    return Clocks(**row | lists)


async def last_word(tx: Tx, case: str, colleague: str) -> datetime | None:
    """Return when this colleague last said something on the case, to the customer or among us."""
    row = await tx.one(_LAST_WORD, (case, colleague))
    return row["at"] if row else None


async def last_answer(tx: Tx, case: str) -> datetime | None:
    """Return when the customer last heard from us on the case."""
    row = await tx.one(_LAST_ANSWER, (case,))
    return row["at"] if row else None


async def without_clocks(tx: Tx, after: str, limit: int) -> list[str]:
    """Return open cases that have none, in the order of their ids."""
    return [row["id"] for row in await tx.all(_WITHOUT, (after, limit))]


async def never_closing(tx: Tx, after: str, limit: int, *, timer: str) -> list[str]:
    """Return solved cases for which no such timer is armed, in the order of their ids."""
    values = {"after": after, "timer": timer, "most": limit}
    return [row["id"] for row in await tx.all(_NEVER_CLOSING, values)]


async def in_batches(tx: Tx, limit: int) -> list[Row]:
    return await tx.all(_IN_BATCHES, (limit,))


async def attainment(tx: Tx, since: datetime, unknown_plan: str) -> list[Row]:
    return await tx.all(_ATTAINMENT, {"since": since, "now": tx.now, "unknown": unknown_plan})
