"""Rows of lists of cases. Each statement looks at a bounded number of them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, LiteralString

from psycopg.rows import DictRow

from prunella.cases.filters import Keys
from prunella.kit.house import Tx

Row = DictRow
BLOCK = 13
"""Cases are looked up in blocks of 2^BLOCK numbers; the indexes in the database have the same."""
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
# Block by block, the newest first, and no further than it takes: each step goes on in the order of
# the one before. `number + 0` keeps the database from looking for the number itself. The last row
# says how many were looked at, and down to which number; where enough was found, nobody counts.
_NEWEST = """
with theirs as materialized (
  select c.* from generate_series(%(newest)s::bigint, 0, -1) block
  cross join lateral (
    select id, number, %(never)s::text[] = '{}' or not facets && %(never)s as here from cases
    where fits_in_block(number, facets, block, %(looked_up)s, %(statuses)s, %(customers)s)
      and number + 0 < %(top)s
    order by number + 0 desc limit %(most)s
  ) c limit %(most)s
), found as materialized (
  select id, number from theirs where here limit %(limit)s
)
select id, number, 0 as looked from found
union all
select '', case when count(*) < %(most)s then 0 else min(number) end, count(*) from theirs
where (select count(*) from found) < %(limit)s
"""
_COUNT = """
select count(*) as number from (
  select from generate_series(%(newest)s::bigint, 0, -1) block
  cross join lateral (
    select facets from cases
    where fits_in_block(number, facets, block, %(looked_up)s, %(statuses)s, %(customers)s) offset 0
  ) c
  where not c.facets && %(never)s limit %(limit)s
) counted
"""
_FEW = """
select c.id, c.number, c.due_at from generate_series(%(newest)s::bigint, 0, -1) block
cross join lateral (
  select id, number, due_at, facets from cases
  where fits_in_block(number, facets, block, %(looked_up)s, %(statuses)s, %(customers)s) offset 0
) c
where not c.facets && %(never)s limit %(limit)s
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
class Hit:
    number: int
    id: str


@dataclass(frozen=True, slots=True)
class Looked:
    """The newest `hits`, all there are down to `low`, and how many cases it took to see that.

    With as many hits as were asked for, the last of them is `low`, and nobody counted.
    """

    hits: list[Hit]
    rows: int
    low: int


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


async def newest(tx: Tx, keys: Keys, *, top: int, limit: int, most: int) -> Looked:
    """Find the newest below a number, looking at no more than `most`."""
    where = {"top": top, "limit": limit, "most": most}
    return looked(await planned_anew(tx, _NEWEST, by_block(keys, top) | where), limit)


async def count(tx: Tx, keys: Keys, *, limit: int) -> int:
    """Count no further than to the limit."""
    where = by_block(keys, await first_free_number(tx))
    rows = await planned_anew(tx, _COUNT, where | {"limit": limit})
    return int(rows[0]["number"])


async def count_walk(
    tx: Tx, keys: Keys, before: datetime | None, *, budget: int
) -> tuple[int, bool]:
    """Count what fits among the `budget` most pressing cases; and say whether there are more."""
    where = _from(keys, None) | {"before": before, "budget": budget}
    row = (await planned_anew(tx, _COUNT_WALK, {**wanted(keys), **where}))[0]
    return row["number"], row["looked"] == budget


async def few(tx: Tx, keys: Keys, *, limit: int) -> list[Row]:
    where = by_block(keys, await first_free_number(tx))
    return await planned_anew(tx, _FEW, where | {"limit": limit})


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


def by_block(keys: Keys, top: int) -> dict[str, Any]:
    """What is looked up in blocks below a number; every case has the key without a name."""
    others = keys.statuses or keys.customers
    looked_up = keys.every or (None if others else [""])
    return wanted(keys) | {"looked_up": looked_up, "newest": (top - 1) >> BLOCK}


def looked(rows: list[Row], limit: int) -> Looked:
    """What was found, which as many as the limit are the last of; else the last row tells."""
    if len(rows) == limit:
        return Looked(_hits(rows), 0, rows[-1]["number"])
    return Looked(_hits(rows[:-1]), rows[-1]["looked"], rows[-1]["number"])


def _hits(rows: list[Row]) -> list[Hit]:
    return [Hit(row["number"], row["id"]) for row in rows]


def _from(keys: Keys, start: Place | None) -> dict[str, Any]:
    walked = {"assignee": keys.assignee, "team": keys.team}
    if start is None:
        return walked | {"due_at": "-infinity", "number": 0}
    due_at = start.due_at.isoformat() if start.due_at else "infinity"
    return walked | {"due_at": due_at, "number": start.number}


async def planned_anew(tx: Tx, sql: LiteralString, params: dict[str, Any]) -> list[Row]:
    """Run it, never as a prepared statement: a plan made for other keys would read too much."""
    return await (await tx.conn.execute(sql, params, prepare=False)).fetchall()
