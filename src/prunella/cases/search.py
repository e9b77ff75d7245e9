"""Full-text search over cases: what a case is called first, then what was said; newest first.

All words have to stand in the case's head (number, subject, what it is about, tags, the customer's
name and mail) or in one message together with the head. The number or the id of a case finds that
case before all others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from prunella.cases import store_finding, store_words
from prunella.cases.filters import EVERY_STATUS, Filter, Keys
from prunella.cases.finding import MAX_PAGE, Page, cases_in_order, keys_for
from prunella.cases.spans import MAX_HITS, Found, Hit, Seen, Span, newest
from prunella.cases.words import Asked
from prunella.kit.house import Tx

Part = Literal["h", "m"]
"""Heads, and messages."""
PARTS: tuple[Part, ...] = ("h", "m")
ANYWHERE = Filter(statuses=EVERY_STATUS, snoozed=None, order="newest")
MAX_ROWS_OF_A_SPAN = 2 * MAX_HITS
MAX_LIKELY = 3 * MAX_HITS
MAX_ROWS = 4 * MAX_HITS
_CURSOR = re.compile(r"([hm])(\d{0,18})")
_NUMBER = re.compile(r"#?(\d{1,18})")


async def search(
    tx: Tx,
    query: str,
    *,
    filters: Filter = ANYWHERE,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """Return the cases found, from the one after the cursor on; the filter's order is not kept.

    The last word counts as a beginning as long as no space follows it.
    """
    asked = Asked.of(query)
    cursor = _CURSOR.fullmatch(after) if after else None
    if not asked or (after and cursor is None):
        return Page([], None)
    limit = max(1, min(limit, MAX_PAGE))
    keys = await keys_for(tx, filters)
    async with store_finding.by_index(tx):
        named = await _named(tx, query, keys)
        first = [] if after else named
        hits, rest = await _found(tx, asked, keys, cursor=cursor, limit=limit - len(first))
    others = [hit.id for hit in hits if hit.id not in named]
    return Page(await cases_in_order(tx, [*first, *others]), rest)


async def _found(
    tx: Tx, asked: Asked, keys: Keys, *, cursor: re.Match[str] | None, limit: int
) -> tuple[list[Hit], str | None]:
    part, below = (cursor[1], cursor[2]) if cursor else ("h", "")
    hits: list[Hit] = []
    for one in PARTS[PARTS.index("m") if part == "m" else 0 :]:
        if len(hits) >= limit:
            return hits, one
        top = int(below) if below else await store_finding.first_free_number(tx)
        found = await _in_part(tx, one, asked, keys, top=top, wanted=limit - len(hits))
        hits += found.hits
        if found.rest is not None:
            return hits, f"{one}{found.rest}"
        below = ""
    return hits, None


async def _in_part(tx: Tx, part: Part, asked: Asked, keys: Keys, *, top: int, wanted: int) -> Found:
    looks = Looks(tx, part, asked, keys)
    return await newest(looks.look, top=top, wanted=wanted, max_rows=MAX_ROWS)


class Looks:
    """Each look goes by the words or by the filter, whichever has less to read.

    A way that would find too much is not even tried: how much it found in the spans before says so.
    A beginning that many words have is dear to look up, so the newest cases are read first.
    """

    def __init__(self, tx: Tx, part: Part, asked: Asked, keys: Keys) -> None:
        self._tx, self._part, self._asked, self._keys = tx, part, asked, keys
        self._a_number = {"words": 0.0, "filter": 0.0 if keys.narrow else 1.0}

    async def look(self, span: Span) -> Seen:
        rows = 0
        for way in self._ways(span):
            seen = await (self._by_words(span) if way == "words" else self._by_filter(span))
            rows += seen.rows
            if seen.hits is not None:
                return Seen(seen.hits, rows)
        return Seen(None, rows)

    def _ways(self, span: Span) -> list[str]:
        """The ways that may do, the one that has less to read first."""
        width = span.top - span.low
        if not span.level and self._asked.beginning:
            return ["filter"]
        likely = {way: share * width for way, share in self._a_number.items()}
        few = [way for way in likely if not span.level or likely[way] <= MAX_LIKELY]
        return sorted(few, key=lambda way: (likely[way], way == "filter"))

    async def _by_words(self, span: Span) -> Seen:
        asked, limit = self._asked.tsquery, MAX_ROWS_OF_A_SPAN + 1
        find = store_words.in_heads if self._part == "h" else store_words.in_messages
        rows = await find(self._tx, asked, span, limit=limit)
        self._learn("words", span, len(rows))
        if len(rows) == limit:
            return Seen(None, limit)
        ids = list({row["case_id"] for row in rows if not row.get("told")})
        return Seen(await _fitting(self._tx, ids, self._keys), len(rows))

    async def _by_filter(self, span: Span) -> Seen:
        rows = await store_finding.in_span(self._tx, self._keys, span, limit=MAX_HITS + 1)
        self._learn("filter", span, len(rows))
        if len(rows) > MAX_HITS:
            return Seen(None, len(rows))
        ids = [row["id"] for row in rows]
        found = await store_words.among(self._tx, self._part, self._asked.tsquery, ids)
        if not self._keys.narrow:
            self._learn("words", span, len(found))
        return Seen([Hit(row["number"], row["case_id"]) for row in found], len(rows))

    def _learn(self, way: str, span: Span, rows: int) -> None:
        self._a_number[way] = rows / (span.top - span.low)


async def _fitting(tx: Tx, ids: Sequence[str], keys: Keys) -> list[Hit]:
    rows = await store_finding.fitting(tx, keys, list(ids)) if ids else []
    return [Hit(row["number"], row["id"]) for row in rows]


async def _named(tx: Tx, query: str, keys: Keys) -> list[str]:
    """Return the case whose number or id this is."""
    words = query.strip()
    number = _NUMBER.fullmatch(words)
    found = await store_finding.named(tx, words[:255], int(number[1]) if number else 0)
    return [hit.id for hit in await _fitting(tx, [found], keys)] if found else []
