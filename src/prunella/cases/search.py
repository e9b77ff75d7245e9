"""Full-text search over cases: what a case is called first, then what was said; newest first.

All words have to stand in the case's head (number, subject, what it is about, tags, the customer's
name, mail and ids) or in what was said on it, by anybody, together with the head. The number or the
id of a case finds that case before all others.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Literal

from prunella.cases import store_finding, store_words
from prunella.cases.asked import Asked
from prunella.cases.excerpt import Piece, excerpt_of
from prunella.cases.filters import EVERY_STATUS, Filter, Keys
from prunella.cases.finding import MAX_PAGE, Page, cases_in_order, keys_for
from prunella.cases.spans import MAX_HITS, WIDEST, Found, Hit, Seen, Span, newest
from prunella.cases.store_search import Part, Picked, Search
from prunella.kit.house import Tx

Way = Literal["words", "filter"]
PARTS: tuple[Part, ...] = ("h", "m")
ANYWHERE = Filter(statuses=EVERY_STATUS, snoozed=None, order="newest")
MAX_LIKELY = MAX_HITS // 4
LIKELY_MORE = 2
"""Where a look found too much there is likely so many times as much."""
MAX_ROWS = 4 * MAX_HITS
GLANCE = 256
"""So many of the newest cases are read."""
MAX_OPEN = 0.05
"""A beginning that more of the cases have than this is read, where anything else is looked up."""
MAX_SAID = 12
MAX_LETTERS = 2_000
"""So many messages of a case, and so much of each, are looked through for an excerpt."""
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


def is_search_cursor(cursor: str) -> bool:
    """Whether a search could have given this cursor."""
    return bool(_CURSOR.fullmatch(cursor))


async def excerpts(tx: Tx, query: str, found: Sequence[str]) -> dict[str, tuple[Piece, ...]]:
    """Return where the words stand in what was said last on these cases, if they do."""
    asked, said = Asked.of(query), defaultdict(list)
    for row in await store_words.last_said(tx, list(found), each=MAX_SAID, letters=MAX_LETTERS):
        said[row["id"]].append(row["text"])
    picked = {case: excerpt_of(texts, asked) for case, texts in said.items()}
    return {case: pieces for case, pieces in picked.items() if pieces}


async def _found(
    tx: Tx, asked: Asked, keys: Keys, *, cursor: re.Match[str] | None, limit: int
) -> tuple[list[Hit], str | None]:
    part, below = (cursor[1], cursor[2]) if cursor else ("h", "")
    first_free, hits = await store_finding.first_free_number(tx), list[Hit]()
    for one in PARTS[PARTS.index("m") if part == "m" else 0 :]:
        if len(hits) >= limit:
            return hits, one
        look = Looking(Search(tx, one, asked, keys), limit - len(hits))
        found = await look.below(int(below) if below else first_free)
        hits += found.hits
        if found.rest is not None:
            return hits, f"{one}{found.rest}"
        below = ""
    return hits, None


class Looking:
    """Looking in one part: the newest cases are read, older ones looked up.

    Each look goes by the words or by the filter, whichever has less to read: how much it found in
    the cases before says so. Words are looked up from the newest on, as far as the page needs. A
    beginning that many words have is dear to look up: then the other words are, and it is read.
    """

    def __init__(self, search: Search, wanted: int) -> None:
        self._search, self._wanted = search, wanted
        narrow = search.keys.narrow
        self._a_number: dict[Way, float] = {"words": 0.0, "filter": 0.0 if narrow else 1.0}
        self._most = MAX_HITS if narrow else MAX_LIKELY
        self._open = 0.0

    async def below(self, top: int) -> Found:
        low = max(top - GLANCE, 0)
        hits = await self._glance(low, top)
        left = self._wanted - len(hits)
        if left < 0:
            return Found(hits[:left], hits[left - 1].number)
        if not left:
            return Found(hits, low or None)
        level = WIDEST - bool(self._a_number["words"])  # what is frequent is not far
        found = await newest(self._look, top=low, wanted=left, max_rows=MAX_ROWS, level=level)
        return Found(hits + found.hits, found.rest)

    async def _glance(self, low: int, top: int) -> list[Hit]:
        """Nothing is frequent where there is nothing to look at."""
        seen = await self._search.newest(low, top)
        self._open = seen.begun / max(top - low, 1)
        self._a_number["words"] = seen.found / max(top - low, 1)
        if seen.found and self._search.keys.narrow:
            self._a_number["filter"] = len(seen.hits) / seen.found
        return sorted(seen.hits, key=lambda hit: -hit.number)

    async def _look(self, span: Span) -> Seen:
        rows = 0
        for way in self._ways(span):
            seen = await (self._by_words(span) if way == "words" else self._by_filter(span))
            more = LIKELY_MORE if seen.hits is None else 1
            self._a_number[way] = more * seen.looked / max(span.top - seen.low, 1)
            rows += seen.looked
            if seen.hits is not None:
                return Seen(seen.hits, rows, seen.low)
        return Seen(None, rows)

    def _ways(self, span: Span) -> list[Way]:
        """The ways that may do, the one that has less to read first.

        Words do as well where so much fits that some of the newest that have them fill the page.
        """
        likely = {way: share * (span.top - span.low) for way, share in self._a_number.items()}
        few = {way for way in likely if not span.level or likely[way] <= self._most}
        if self._a_number["filter"] * MAX_HITS >= self._wanted:
            few.add("words")
        return sorted(few, key=lambda way: (likely[way], way == "filter"))

    async def _by_words(self, span: Span) -> Picked:
        asked = self._search.asked
        frequent = self._open > MAX_OPEN and bool(asked.open and asked.whole)
        return await self._search.by_words(
            span.top, limit=self._most, wanted=self._wanted + 1, read_open=frequent
        )

    async def _by_filter(self, span: Span) -> Picked:
        return await self._search.by_filter(span, limit=MAX_HITS, wanted=self._wanted + 1)


async def _named(tx: Tx, query: str, keys: Keys) -> list[str]:
    """Return the case whose number or id this is."""
    words = query.strip()
    number = _NUMBER.fullmatch(words)
    if not number and not words.startswith("case_"):
        return []
    found = await store_finding.named(tx, words[:255], int(number[1]) if number else 0)
    return [row["id"] for row in await store_finding.fitting(tx, keys, [found])] if found else []
