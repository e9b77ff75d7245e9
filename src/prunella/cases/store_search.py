"""Rows that a search finds. Each statement looks at a bounded number of them.

A part is `heads`, what cases are called, or `words`, all that was said on them together with that;
what is found by its head was told before, and is left out of the second.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, LiteralString

from prunella.cases.asked import Asked
from prunella.cases.filters import Keys
from prunella.cases.spans import BLOCK, Hit, Span
from prunella.cases.store_finding import Row, planned_anew, wanted
from prunella.kit.house import Tx

Part = Literal["h", "m"]
"""Heads, and what was said, as cursors call them."""

# `offset 0` keeps the database from looking up words that may stand in every case: it reads.
_NEWEST_HEADS = """
select c.id, c.number, w.head @@ %(asked)s::tsquery as found,
  fits(facets, %(every)s, %(never)s, %(statuses)s, %(customers)s) as fits
from cases c
cross join lateral (select head from case_heads h where h.case_id = c.id offset 0) w
where c.number >= %(low)s and c.number < %(top)s and w.head @@ %(open)s::tsquery
"""
_NEWEST_WORDS = """
select c.id, c.number, w.every @@ %(asked)s::tsquery as found,
  fits(facets, %(every)s, %(never)s, %(statuses)s, %(customers)s)
    and not w.head @@ %(asked)s::tsquery as fits
from cases c cross join lateral (
  select head, head || said as every from case_words s where s.case_id = c.id offset 0
) w
where c.number >= %(low)s and c.number < %(top)s and w.every @@ %(open)s::tsquery
"""
# Block by block, the newest first, and no further than to the limit. The first row says how many
# were looked at, and down to which number.
_HEADS_BY_WORDS = """
with found as materialized (
  select h.* from generate_series(%(newest)s::bigint, 0, -1) block
  cross join lateral (
    select number, case_id from case_heads
    where by_block(number, head) @@ replace(%(looked_up)s, '#', block::text)::tsquery
      and number < %(top)s
    order by number desc limit %(limit)s
  ) h limit %(limit)s
), looked as materialized (
  select count(*) as number, case when count(*) < %(limit)s then 0 else min(number) end as low
  from found
)
(select '' as id, number, low from looked)
union all
(select c.id, f.number, 0 from (select * from found order by number desc) f
cross join lateral (select id, facets from cases where id = f.case_id offset 0) c
where fits(facets, %(every)s, %(never)s, %(statuses)s, %(customers)s)
  and (not %(read)s or exists (
    select from case_heads where case_id = f.case_id and head @@ %(asked)s::tsquery
  ))
order by f.number desc limit %(wanted)s)
"""
_WORDS_BY_WORDS = """
with found as materialized (
  select w.* from generate_series(%(newest)s::bigint, 0, -1) block
  cross join lateral (
    select distinct number, case_id from case_words
    where by_block(number, head || said) @@ replace(%(looked_up)s, '#', block::text)::tsquery
      and number < %(top)s
    order by number desc limit %(limit)s
  ) w limit %(limit)s
), looked as materialized (
  select count(*) as number, case when count(*) < %(limit)s then 0 else min(number) end as low
  from found
)
(select '' as id, number, low from looked)
union all
(select c.id, f.number, 0 from (select * from found order by number desc) f
cross join lateral (select id, facets from cases where id = f.case_id offset 0) c
where fits(facets, %(every)s, %(never)s, %(statuses)s, %(customers)s)
  and not exists (select from case_heads where case_id = f.case_id and head @@ %(asked)s::tsquery)
  and (not %(read)s or exists (
    select from case_words where case_id = f.case_id and head || said @@ %(asked)s::tsquery
  ))
order by f.number desc limit %(wanted)s)
"""
# The first row says how many were looked at. Where those are too many, nothing is picked of them;
# else the newest are looked at first, and no more than it takes.
_HEADS_BY_FILTER = """
with theirs as materialized (
  select id, number from cases
  where number < %(top)s and fits(facets, %(keys)s, %(never)s, %(statuses)s, %(customers)s)
  limit %(limit)s
), looked as materialized (select count(*) as number from theirs)
(select '' as id, number from looked)
union all
(select t.id, t.number from (select id, number from theirs order by number desc) t
cross join lateral (select head from case_heads h where h.case_id = t.id offset 0) w
where (select number from looked) < %(limit)s and w.head @@ %(asked)s::tsquery
order by t.number desc limit %(wanted)s)
"""
_WORDS_BY_FILTER = """
with theirs as materialized (
  select id, number from cases
  where number < %(top)s and fits(facets, %(keys)s, %(never)s, %(statuses)s, %(customers)s)
  limit %(limit)s
), looked as materialized (select count(*) as number from theirs)
(select '' as id, number from looked)
union all
(select t.id, t.number from (select id, number from theirs order by number desc) t
cross join lateral (
  select from (
    select head, head || said as every from case_words s where s.case_id = t.id offset 0
  ) part
  where every @@ %(asked)s::tsquery and not head @@ %(asked)s::tsquery limit 1
) w
where (select number from looked) < %(limit)s
order by t.number desc limit %(wanted)s)
"""
_NEWEST: Mapping[Part, LiteralString] = {"h": _NEWEST_HEADS, "m": _NEWEST_WORDS}
_BY_WORDS: Mapping[Part, LiteralString] = {"h": _HEADS_BY_WORDS, "m": _WORDS_BY_WORDS}
_BY_FILTER: Mapping[Part, LiteralString] = {"h": _HEADS_BY_FILTER, "m": _WORDS_BY_FILTER}


@dataclass(frozen=True, slots=True)
class Glance:
    """What the newest cases below a number hold.

    `found` have what is asked, `begun` of them at least what is open in it; the `hits` fit, too.
    """

    hits: list[Hit]
    found: int
    begun: int


@dataclass(frozen=True, slots=True)
class Picked:
    """The newest `hits` from `low` on, as many as are wanted; None if too many were `looked` at."""

    hits: list[Hit] | None
    looked: int
    low: int


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
        rows = await self._rows(_NEWEST, {"low": low, "top": top, "open": begun})
        hits = [_hit(row) for row in rows if row["found"] and row["fits"]]
        return Glance(_each_once(hits), sum(row["found"] for row in rows), len(rows))

    async def by_words(self, top: int, *, limit: int, wanted: int, read_open: bool) -> Picked:
        """Look words up; those that are open are read instead where that is asked."""
        looked_up = self.asked.whole if read_open else self.asked
        where = {"looked_up": looked_up.in_block("#"), "read": read_open, "top": top}
        where |= {"newest": (top - 1) >> BLOCK, "limit": limit, "wanted": wanted}
        first, *rows = await self._rows(_BY_WORDS, where)
        return Picked([_hit(row) for row in rows], first["number"], first["low"])

    async def by_filter(self, span: Span, *, limit: int, wanted: int) -> Picked:
        """Read whatever fits."""
        keys = (
            self.keys.every if self.keys.every and span.is_whole else [*self.keys.every, span.key]
        )
        where = {"keys": keys, "top": span.top, "limit": limit + 1, "wanted": wanted}
        first, *rows = await self._rows(_BY_FILTER, where)
        looked = first["number"]
        return Picked(None if looked > limit else [_hit(row) for row in rows], looked, span.low)

    async def _rows(
        self, statements: Mapping[Part, LiteralString], where: dict[str, Any]
    ) -> list[Row]:
        asked = {"asked": self.asked.tsquery}
        return await planned_anew(self.tx, statements[self.part], wanted(self.keys) | asked | where)


def _hit(row: Row) -> Hit:
    return Hit(row["number"], row["id"])


def _each_once(hits: list[Hit]) -> list[Hit]:
    """A case on which very much was said has several rows."""
    return list(dict.fromkeys(hits))
