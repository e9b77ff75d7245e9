"""Rows of lists of cases. Each statement looks at a bounded number of them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, LiteralString

from psycopg.rows import DictRow

from prunella.cases.filters import Keys
from prunella.cases.spans import Span
from prunella.kit.house import Tx

Row = DictRow
_LAST = datetime.max.replace(tzinfo=UTC)

# What is frequent fills a map of rows that has to be exact, or every row is looked at again. What
# an index has in order is read in order, and not all of it fetched to be sorted. A sort that is off
# seems to cost so much that some servers would compile the statement first.
_NO_SCAN: tuple[LiteralString, ...] = (
    "set local enable_seqscan = off",
    "set local enable_sort = off",
    "set local work_mem = '32MB'",
    "set local jit = off",
)
_AS_BEFORE: tuple[LiteralString, ...] = (
    "set local enable_seqscan to default",
    "set local enable_sort to default",
    "set local work_mem to default",
    "set local jit to default",
)
_IN_SPAN = """
select id, number from cases
where fits(facets, %(every)s, %(never)s, %(statuses)s, %(customers)s) and number < %(top)s
limit %(limit)s
"""
# Span by span, and no further than it takes. One that is everything has no key; whether its numbers
# are below the top is judged by what was found, not looked up.
_COUNT = """
select count(*) as number from (
  select from unnest(%(spans)s::text[], %(tops)s::bigint[]) span (key, top)
  cross join lateral (
    select from cases
    where facets @> (%(every)s::text[] || array_remove(array[span.key], ''))
      and number + 0 < span.top
      and fits(facets, null, %(never)s, %(statuses)s, %(customers)s)
    offset 0
  ) inside
  limit %(limit)s
) counted
"""
_FEW = """
select id, number, due_at from cases
where fits(facets, nullif(%(every)s::text[], '{}'), %(never)s, %(statuses)s, %(customers)s)
limit %(limit)s
"""
# In the order of the inner one, so that it ends where the page is full.
_WALK = """
select id, number, due_at from (
  select id, number, due_at, facets, coalesce(due_at, 'infinity') as pressing from cases
  where status in ('new', 'open', 'pending', 'on_hold')
    and (coalesce(due_at, 'infinity'), number) > (%(due_at)s::timestamptz, %(number)s)
    and (%(before)s::timestamptz is null or coalesce(due_at, 'infinity') < %(before)s)
    and (%(assignee)s::text is null or coalesce(assignee, 'none') = %(assignee)s)
    and (%(team)s::text is null or team = %(team)s)
  order by coalesce(due_at, 'infinity'), number limit %(budget)s
) looked
where fits(facets, %(every)s, %(never)s, %(statuses)s, %(customers)s)
order by pressing, number limit %(limit)s
"""
_COUNT_WALK = """
select count(*) as looked,
  count(*) filter (where fits(facets, %(every)s, %(never)s, %(statuses)s, %(customers)s)) as number
from (
  select facets from cases
  where status in ('new', 'open', 'pending', 'on_hold')
    and (%(before)s::timestamptz is null or coalesce(due_at, 'infinity') < %(before)s)
    and (%(assignee)s::text is null or coalesce(assignee, 'none') = %(assignee)s)
    and (%(team)s::text is null or team = %(team)s)
  order by coalesce(due_at, 'infinity'), number limit %(budget)s
) walked
"""
_END_OF_WALK = """
select due_at, number from cases
where status in ('new', 'open', 'pending', 'on_hold')
  and (coalesce(due_at, 'infinity'), number) > (%(due_at)s::timestamptz, %(number)s)
  and (%(assignee)s::text is null or coalesce(assignee, 'none') = %(assignee)s)
  and (%(team)s::text is null or team = %(team)s)
  and (%(before)s::timestamptz is null or coalesce(due_at, 'infinity') < %(before)s)
order by coalesce(due_at, 'infinity'), number offset %(budget)s - 1 limit 1
"""
_FITTING = """
select id, number, due_at from cases
where id = any(%(ids)s) and fits(facets, %(every)s, %(never)s, %(statuses)s, %(customers)s)
"""
_NAMED = "select id from cases where id = %s or number = %s"
_FIRST_FREE = "select coalesce(max(number), 0) + 1 as number from cases"
_CASES = "select * from cases where id = any(%s)"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands in the order of deadlines; one without a deadline stands last."""

    due_at: datetime | None
    number: int

    @property
    def key(self) -> tuple[datetime, int]:
        return (self.due_at or _LAST, self.number)


@asynccontextmanager
async def by_index(tx: Tx) -> AsyncIterator[None]:
    """Within it no statement reads a whole table, however much it seems to ask for."""
    await _set(tx, _NO_SCAN)
    yield
    await _set(tx, _AS_BEFORE)


async def _set(tx: Tx, settings: Sequence[LiteralString]) -> None:
    """In one way there and back; each alone, as what travels with others has to be."""
    async with tx.conn.pipeline():
        for one in settings:
            await tx.conn.execute(one)


async def in_span(tx: Tx, keys: Keys, span: Span, *, limit: int) -> list[Row]:
    every = keys.every if keys.every and span.is_whole else [*keys.every, span.key]
    return await planned_anew(
        tx, _IN_SPAN, {**wanted(keys), "every": every, "top": span.top, "limit": limit}
    )


async def count(tx: Tx, keys: Keys, spans: Sequence[Span], *, limit: int) -> int:
    """Count no further than to the limit; the spans lie one below the other."""
    names = ["" if keys.every and span.is_whole else span.key for span in spans]
    where = {"spans": names, "tops": [span.top for span in spans]}
    rows = await planned_anew(tx, _COUNT, {**wanted(keys), **where, "limit": limit})
    return int(rows[0]["number"])


async def count_walk(
    tx: Tx, keys: Keys, before: datetime | None, *, budget: int
) -> tuple[int, bool]:
    """Count what fits among the `budget` most pressing cases; and say whether there are more."""
    where = _from(keys, None) | {"before": before, "budget": budget}
    row = (await planned_anew(tx, _COUNT_WALK, {**wanted(keys), **where}))[0]
    return row["number"], row["looked"] == budget


async def few(tx: Tx, keys: Keys, *, limit: int) -> list[Row]:
    return await planned_anew(tx, _FEW, {**wanted(keys), "limit": limit})


async def walk(
    tx: Tx, keys: Keys, start: Place | None, before: datetime | None, *, budget: int, limit: int
) -> list[Row]:
    """Return what fits among the next `budget` open cases, the most pressing first."""
    where = _from(keys, start) | {"before": before, "budget": budget, "limit": limit}
    return await planned_anew(tx, _WALK, {**wanted(keys), **where})


async def end_of_walk(
    tx: Tx, keys: Keys, start: Place | None, before: datetime | None, *, budget: int
) -> Place | None:
    """Return the last of the next `budget` open cases; None where there are fewer."""
    where = _from(keys, start) | {"before": before, "budget": budget}
    rows = await planned_anew(tx, _END_OF_WALK, where)
    return Place(rows[0]["due_at"], rows[0]["number"]) if rows else None


async def fitting(tx: Tx, keys: Keys, ids: list[str]) -> list[Row]:
    return await planned_anew(tx, _FITTING, {**wanted(keys), "ids": ids})


async def named(tx: Tx, name: str, number: int) -> str | None:
    row = await tx.one(_NAMED, (name, number))
    return row["id"] if row else None


async def first_free_number(tx: Tx) -> int:
    row = await tx.one(_FIRST_FREE)
    return int(row["number"]) if row else 1


async def cases(tx: Tx, ids: list[str]) -> list[Row]:
    return await tx.all(_CASES, (ids,))


def wanted(keys: Keys) -> dict[str, Any]:
    return {"every": keys.every, "never": keys.never} | {
        "statuses": keys.statuses,
        "customers": keys.customers,
    }


def _from(keys: Keys, start: Place | None) -> dict[str, Any]:
    walked = {"assignee": keys.assignee, "team": keys.team}
    if start is None:
        return walked | {"due_at": "-infinity", "number": 0}
    due_at = start.due_at.isoformat() if start.due_at else "infinity"
    return walked | {"due_at": due_at, "number": start.number}


async def planned_anew(tx: Tx, sql: LiteralString, params: dict[str, Any]) -> list[Row]:
    """Run it, never as a prepared statement: a plan made for other keys would read too much."""
    return await (await tx.conn.execute(sql, params, prepare=False)).fetchall()
