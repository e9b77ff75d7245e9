"""Rows that a search finds. Each statement looks at a bounded number of them.

A part is `heads`, what cases are called, or `words`, all that was said on them together with that;
what is found by its head was told before, and is left out of the second.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, LiteralString

from prunella.cases.asked import Asked
from prunella.cases.filters import Keys
from prunella.cases.spans import Hit, Span
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
# The first row says how many were looked at. Where those are too many, nothing is picked of them;
# else the newest are looked at first, and no more than it takes.
_HEADS_BY_WORDS = """
with found as materialized (
  select case_id, number, %(read)s::tsquery is null or head @@ %(read)s::tsquery as has_open
  from case_heads
  where head @@ %(looked_up)s::tsquery and spans @> %(spans)s and number < %(top)s
  limit %(limit)s
), looked as materialized (select count(*) as number from found)
(select '' as id, number from looked)
union all
(select c.id, f.number from (
  select case_id, number from found where has_open order by number desc
) f
cross join lateral (select id, facets from cases where id = f.case_id offset 0) c
where (select number from looked) < %(limit)s
  and fits(facets, %(every)s, %(never)s, %(statuses)s, %(customers)s)
order by f.number desc limit %(wanted)s)
"""
_WORDS_BY_WORDS = """
with found as materialized (
  select case_id, number, head @@ %(asked)s::tsquery as told,
    %(read)s::tsquery is null or head || said @@ %(read)s::tsquery as has_open
  from case_words
  where head || said @@ %(looked_up)s::tsquery and spans @> %(spans)s and number < %(top)s
  limit %(limit)s
), looked as materialized (select count(*) as number from found)
(select '' as id, number from looked)
union all
(select c.id, f.number from (
  select distinct number, case_id from found where has_open and not told order by number desc
) f
cross join lateral (select id, facets from cases where id = f.case_id offset 0) c
where (select number from looked) < %(limit)s
  and fits(facets, %(every)s, %(never)s, %(statuses)s, %(customers)s)
order by f.number desc limit %(wanted)s)
"""
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
    """The newest `hits`, as many as are wanted, None where too many were `looked` at."""

    hits: list[Hit] | None
    looked: int


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

    async def by_words(self, span: Span, *, limit: int, wanted: int, read_open: bool) -> Picked:
        """Look words up; those that are open are read instead where that is asked."""
        looked_up = self.asked.whole if read_open else self.asked
        read = self.asked.open.tsquery if read_open else None
        where = {"looked_up": looked_up.tsquery, "read": read, "spans": [span.key]}
        return await self._picked(_BY_WORDS, where | {"top": span.top}, limit, wanted)

    async def by_filter(self, span: Span, *, limit: int, wanted: int) -> Picked:
        """Read whatever fits."""
        keys = (
            self.keys.every if self.keys.every and span.is_whole else [*self.keys.every, span.key]
        )
        return await self._picked(_BY_FILTER, {"keys": keys, "top": span.top}, limit, wanted)

    async def _picked(
        self, statements: Mapping[Part, LiteralString], where: dict[str, Any], limit: int, most: int
    ) -> Picked:
        first, *rows = await self._rows(statements, where | {"limit": limit + 1, "wanted": most})
        looked = first["number"]
        return Picked(None if looked > limit else [_hit(row) for row in rows], looked)

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
