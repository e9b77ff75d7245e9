"""Full-text search over cases: what a case is called first, then what was said; newest first.

All words have to stand in the case's head (number, subject, what it is about, tags, the customer's
name, mail and ids) or in what was said on it, by anybody, together with the head. The number or the
id of a case finds that case before all others.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal

from prunella.cases import store_finding, store_words
from prunella.cases.asked import Asked
from prunella.cases.excerpt import Piece, excerpt_of
from prunella.cases.filters import EVERY_STATUS, Filter, Keys
from prunella.cases.finding import MAX_PAGE, Page, cases_in_order, keys_for
from prunella.cases.store_finding import Hit, Looked
from prunella.cases.store_search import Part, Search
from prunella.kit.house import Tx

Way = Literal["words", "filter"]
PARTS: tuple[Part, ...] = ("h", "m")
ANYWHERE = Filter(statuses=EVERY_STATUS, snoozed=None, order="newest")
GLANCE = 256
"""So many of the newest cases are read; and so many looked at on a way that nobody tried before."""
MAX_ROWS = 1_500
"""So many cases a page looks at, and the newest besides."""
DEARER: Mapping[Way, float] = {"words": 1.0, "filter": 1.5}
"""What fits costs more to look at than what has the words: these are put together."""
ENOUGH = 8
"""What fewer of the newest cases have may be rare, or just not have come lately."""
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
    most: int = MAX_ROWS,
) -> Page:
    """Return the cases found, from the one after the cursor on; the filter's order is not kept.

    The last word counts as a beginning as long as no space follows it. No more than `most` cases
    are looked at, and the newest.
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
        looking = Looking(tx, asked, keys, wanted=limit - len(first), most=most)
        hits, rest = await _found(looking, cursor, await store_finding.first_free_number(tx))
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
    looking: Looking, cursor: re.Match[str] | None, first_free: int
) -> tuple[list[Hit], str | None]:
    part, below = (cursor[1], cursor[2]) if cursor else ("h", "")
    hits = list[Hit]()
    for one in PARTS[PARTS.index("m") if part == "m" else 0 :]:
        if looking.is_over:
            return hits, one
        top = min(int(below), first_free) if below else first_free
        found, low = await looking.below(top, one)
        hits += found
        if low:
            return hits, f"{one}{low}"
        below = ""
    return hits, None


class Looking:
    """Looking in one part after the other: the newest cases are read, older ones looked up.

    Each look goes by the words or by the filter, from the newest on down. The way that has less to
    read leads: how much the newest cases have of it says so; what these do not know is tried on a
    few. A beginning that many words have is dear to look up: then the other words are, and it is
    read; where there are no others, only the filter leads.
    """

    def __init__(self, tx: Tx, asked: Asked, keys: Keys, *, wanted: int, most: int) -> None:
        self._tx, self._asked, self._keys = tx, asked, keys
        self._wanted, self._most = wanted, most
        self._rows = 0
        self._a_number: dict[Way, float | None] = {}
        self._reads_open = False

    @property
    def is_over(self) -> bool:
        """Whether as many are found as are wanted, or looked at as may be."""
        return self._wanted <= 0 or self._rows >= self._most

    async def below(self, top: int, part: Part) -> tuple[list[Hit], int]:
        """Return hits, the newest first, and the number below which to go on, 0 at the end."""
        search = Search(self._tx, part, self._asked, self._keys)
        low = max(top - GLANCE, 0)
        hits = await self._glance(search, low, top)
        while low and len(hits) < self._wanted and self._rows < self._most:
            seen = await self._look(search, low, limit=self._wanted - len(hits) + 1)
            hits, low = hits + seen.hits, seen.low
        if len(hits) > self._wanted:
            return hits[: self._wanted], hits[self._wanted - 1].number
        self._wanted -= len(hits)
        return hits, low

    async def _glance(self, search: Search, low: int, top: int) -> list[Hit]:
        seen, size = await search.newest(low, top), max(top - low, 1)
        frequent = bool(self._asked.open) and seen.begun > MAX_OPEN * size
        self._reads_open = frequent and bool(self._asked.whole)
        self._a_number = {
            "words": seen.found / size if seen.found >= ENOUGH else None,
            "filter": seen.fitting / size if seen.fitting >= ENOUGH else None,
        }
        if not self._keys.narrow:
            self._a_number["filter"] = 1.0
        if frequent and not self._asked.whole:
            del self._a_number["words"]
        return seen.hits

    async def _look(self, search: Search, top: int, *, limit: int) -> Looked:
        """Each look may be twice as large as those before together."""
        way = self._way()
        known, left = self._a_number[way] is not None, self._most - self._rows
        most = min(max(2 * self._rows, GLANCE) if known else GLANCE, left)
        if way == "filter":
            seen = await search.by_filter(top, limit=limit, most=most)
        else:
            read = self._reads_open
            seen = await search.by_words(top, limit=limit, most=most, read_open=read)
        self._a_number[way] = seen.rows / max(top - seen.low, 1)
        self._rows += seen.rows
        return seen

    def _way(self) -> Way:
        """The way that nobody tried yet, words first; else the one that has less to read."""
        return min(self._a_number, key=lambda way: (self._a_number[way] or 0.0) * DEARER[way])


async def _named(tx: Tx, query: str, keys: Keys) -> list[str]:
    """Return the case whose number or id this is."""
    words = query.strip()
    number = _NUMBER.fullmatch(words)
    if not number and not words.startswith("case_"):
        return []
    found = await store_finding.named(tx, words[:255], int(number[1]) if number else 0)
    return [row["id"] for row in await store_finding.fitting(tx, keys, [found])] if found else []
