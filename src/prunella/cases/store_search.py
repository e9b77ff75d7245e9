"""Rows that a search finds. Each statement looks at a bounded number of them.

A part is `heads`, what cases are called, or `words`, all that was said on them together with that;
what is found by its head was told before, and is left out of the second.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, LiteralString

from prunella.cases.asked import Asked
from prunella.cases.filters import Keys
from prunella.cases.store_finding import (
    Hit,
    Looked,
    Row,
    by_block,
    looked,
    planned_anew,
    wanted,
)
from prunella.kit.house import Tx

Part = Literal["h", "m"]
"""Heads, and what was said, as cursors call them."""
Statements = Mapping[Part, LiteralString]

# `offset 0` keeps the database from looking up words that may stand in every case: it reads.
_NEWEST_HEADS = """
select count(*) filter (where found) as found, count(*) filter (where begun) as begun,
  count(*) filter (where fits) as fitting,
  array_agg(number) filter (where found and fits) as numbers,
  array_agg(id) filter (where found and fits) as ids
from (
  select c.id, c.number, head @@ %(open)s::tsquery as begun, head @@ %(asked)s::tsquery as found,
    fits(facets, %(every)s, %(never)s, %(statuses)s, %(customers)s) as fits
  from cases c
  cross join lateral (select head from case_heads h where h.case_id = c.id offset 0) w
  where c.number >= %(low)s and c.number < %(top)s
) newest
"""
# Words are put together, which is dear, only where some of what is asked was said.
_NEWEST_WORDS = """
select count(*) filter (where told or here) as found, count(*) filter (where begun) as begun,
  count(*) filter (where fits) as fitting,
  array_agg(number) filter (where here and fits and not told) as numbers,
  array_agg(id) filter (where here and fits and not told) as ids
from (
  select c.id, c.number, head @@ %(open)s::tsquery or said @@ %(open)s::tsquery as begun,
    head @@ %(asked)s::tsquery as told,
    said @@ %(some)s::tsquery and head || said @@ %(asked)s::tsquery as here,
    fits(facets, %(every)s, %(never)s, %(statuses)s, %(customers)s) as fits
  from cases c
  cross join lateral (select head, said from case_words s where s.case_id = c.id offset 0) w
  where c.number >= %(low)s and c.number < %(top)s
) newest
"""
# Block by block, the newest first, and no further than to the limit, or than the page takes: each
# step goes on in the order of the one before. The last row says how many were looked at, and down
# to which number; where enough was found, nobody counts. Of a case in several parts one that has
# it all comes first: where a look ends between them, nothing is lost.
_HEADS_BY_WORDS = """
with theirs as materialized (
  select h.* from generate_series(%(newest)s::bigint, 0, -1) block
  cross join lateral (
    select number, case_id as id, not %(read)s or head @@ %(asked)s::tsquery as here
    from case_heads
    where by_block(number, head) @@ replace(%(looked_up)s, '#', block::text)::tsquery
      and number < %(top)s
    order by number desc limit %(most)s
  ) h limit %(most)s
), found as materialized (
  select t.id, t.number from theirs t
  cross join lateral (select facets from cases c where c.id = t.id offset 0) c
  where t.here and fits(facets, %(every)s, %(never)s, %(statuses)s, %(customers)s)
  limit %(limit)s
)
select id, number, 0 as looked from found
union all
select '', case when count(*) < %(most)s then 0 else min(number) end, count(*) from theirs
where (select count(*) from found) < %(limit)s
"""
_WORDS_BY_WORDS = """
with theirs as materialized (
  select w.* from generate_series(%(newest)s::bigint, 0, -1) block
  cross join lateral (
    select distinct number, case_id as id, not head @@ %(asked)s::tsquery
      and (not %(read)s or head || said @@ %(asked)s::tsquery) as here
    from case_words
    where by_block(number, head || said) @@ replace(%(looked_up)s, '#', block::text)::tsquery
      and number < %(top)s
    order by number desc, here desc limit %(most)s
  ) w limit %(most)s
), found as materialized (
  select t.id, t.number from theirs t
  cross join lateral (select facets from cases c where c.id = t.id offset 0) c
  where t.here and fits(facets, %(every)s, %(never)s, %(statuses)s, %(customers)s)
  limit %(limit)s
)
select id, number, 0 as looked from found
union all
select '', case when count(*) < %(most)s then 0 else min(number) end, count(*) from theirs
where (select count(*) from found) < %(limit)s
"""
_HEADS_BY_FILTER = """
with theirs as materialized (
  select c.* from generate_series(%(newest)s::bigint, 0, -1) block
  cross join lateral (
    select id, number, %(never)s::text[] = '{}' or not facets && %(never)s as here from cases
    where fits_in_block(number, facets, block, %(looked_up)s, %(statuses)s, %(customers)s)
      and number + 0 < %(top)s
    order by number + 0 desc limit %(most)s
  ) c limit %(most)s
), found as materialized (
  select t.id, t.number from theirs t
  cross join lateral (select head from case_heads h where h.case_id = t.id offset 0) w
  where t.here and w.head @@ %(asked)s::tsquery
  limit %(limit)s
)
select id, number, 0 as looked from found
union all
select '', case when count(*) < %(most)s then 0 else min(number) end, count(*) from theirs
where (select count(*) from found) < %(limit)s
"""
_WORDS_BY_FILTER = """
with theirs as materialized (
  select c.* from generate_series(%(newest)s::bigint, 0, -1) block
  cross join lateral (
    select id, number, %(never)s::text[] = '{}' or not facets && %(never)s as here from cases
    where fits_in_block(number, facets, block, %(looked_up)s, %(statuses)s, %(customers)s)
      and number + 0 < %(top)s
    order by number + 0 desc limit %(most)s
  ) c limit %(most)s
), found as materialized (
  select t.id, t.number from theirs t
  cross join lateral (
    select from (select head, said from case_words s where s.case_id = t.id offset 0) part
    where said @@ %(some)s::tsquery and head || said @@ %(asked)s::tsquery
      and not head @@ %(asked)s::tsquery
    limit 1
  ) w
  where t.here
  limit %(limit)s
)
select id, number, 0 as looked from found
union all
select '', case when count(*) < %(most)s then 0 else min(number) end, count(*) from theirs
where (select count(*) from found) < %(limit)s
"""
_NEWEST: Statements = {"h": _NEWEST_HEADS, "m": _NEWEST_WORDS}
_BY_WORDS: Statements = {"h": _HEADS_BY_WORDS, "m": _WORDS_BY_WORDS}
_BY_FILTER: Statements = {"h": _HEADS_BY_FILTER, "m": _WORDS_BY_FILTER}


@dataclass(frozen=True, slots=True)
class Glance:
    """What the newest cases below a number hold: the `hits`, and of how many rows each is true.

    `found` have what is asked, `begun` at least what is open in it, `fitting` are in the filter.
    """

    hits: list[Hit]
    found: int
    begun: int
    fitting: int


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for in one part."""

    tx: Tx
    part: Part
    asked: Asked
    keys: Keys

    async def newest(self, low: int, top: int) -> Glance:
        """Read all from `low` up to, and without, `top`."""
        begun = (self.asked.open or self.asked).tsquery
        row = (await self._rows(_NEWEST, {"low": low, "top": top, "open": begun}))[0]
        hits = _newest_first(row["numbers"] or [], row["ids"] or [])
        return Glance(hits, row["found"], row["begun"], row["fitting"])

    async def by_words(self, top: int, *, limit: int, most: int, read_open: bool) -> Looked:
        """Look words up; those that are open are read instead where that is asked."""
        looked_up = (self.asked.whole if read_open else self.asked).in_block("#")
        where = by_block(self.keys, top) | {"looked_up": looked_up, "read": read_open}
        return await self._look(_BY_WORDS, where, top=top, limit=limit, most=most)

    async def by_filter(self, top: int, *, limit: int, most: int) -> Looked:
        """Read what fits."""
        where = by_block(self.keys, top)
        return await self._look(_BY_FILTER, where, top=top, limit=limit, most=most)

    async def _look(
        self, statements: Statements, where: dict[str, Any], *, top: int, limit: int, most: int
    ) -> Looked:
        bounds = {"top": top, "limit": limit, "most": most}
        return looked(await self._rows(statements, where | bounds), limit)

    async def _rows(self, statements: Statements, where: dict[str, Any]) -> list[Row]:
        asked = {"asked": self.asked.tsquery, "some": self.asked.any_word}
        return await planned_anew(self.tx, statements[self.part], wanted(self.keys) | asked | where)


def _newest_first(numbers: list[int], ids: list[str]) -> list[Hit]:
    """Return each once: a case on which very much was said has several rows."""
    each = sorted(set(zip(numbers, ids, strict=True)), reverse=True)
    return [Hit(number, name) for number, name in each]
