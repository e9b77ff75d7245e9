"""Lists of cases: filtered, in order, page by page, and how many there are; however many in all.

A page looks at a bounded number of rows. Where a filter is so odd that these hold too few, the
page is short, and its cursor goes on where the looking stopped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from prunella.cases import store_finding as store
from prunella.cases.case import Case
from prunella.cases.filters import Filter, Keys, keys_of
from prunella.cases.store_finding import Hit, Place
from prunella.kit.house import Tx
from prunella.people import names_of_account

MAX_PAGE = 100
MAX_COUNT = 1_000
NEARLY = 4
"""A walk that finds more than this part of a page goes on; with less, what fits is picked out."""
_NEWEST = re.compile(r"n(\d{1,18})")
_DUE = re.compile(r"d(\d{1,17}|-)\.(\d{1,18})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many rows a page looks at.

    By deadline: on the first walk, picked out at once, at most. By age: at most.
    """

    short_walk: int = 1_500
    few: int = 3_000
    long_walk: int = 8_000
    by_age: int = 5_000


BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of cases in their order; `next_cursor` is None on the last.

    A page may hold fewer than asked for and still have a cursor.
    """

    data: list[Case]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are; where there are `more`, at least so many."""

    number: int
    more: bool

    def __str__(self) -> str:
        return f"{self.number:,}{'+' * self.more}"


def is_cursor(asked: Filter, cursor: str) -> bool:
    """Whether a list of this order could have given this cursor."""
    return bool((_DUE if asked.by_due else _NEWEST).fullmatch(cursor))


async def inbox(
    tx: Tx,
    asked: Filter,
    *,
    after: str | None = None,
    limit: int = 50,
    bounds: Bounds = BOUNDS,
) -> Page:
    """Return the cases that the filter asks for, from the one after the cursor on."""
    limit = max(1, min(limit, MAX_PAGE))
    keys = await keys_for(tx, asked)
    async with store.by_index(tx):
        if asked.by_due:
            if after and not is_cursor(asked, after):
                return Page([], None)
            start = _place(after) if after else None
            walk = Walk(tx, keys, start, asked.due_before, limit + 1)
            hits, rest = await _by_due(walk, bounds)
        else:
            hits, rest = await _by_age(tx, keys, after=after, limit=limit, most=bounds.by_age)
    return Page(await cases_in_order(tx, [hit.id for hit in hits]), rest)


async def inbox_among(
    tx: Tx, ids: Sequence[str], asked: Filter, *, after: str | None = None, limit: int = 50
) -> Page:
    """Return those of these few cases that the filter asks for, in the order of `inbox`."""
    limit = max(1, min(limit, MAX_PAGE))
    if after and not is_cursor(asked, after):
        return Page([], None)
    rows = await store.fitting(tx, await keys_for(tx, asked), list(ids))
    if asked.by_due:
        rows = _sorted(rows, _place(after) if after else None, asked.due_before)
    else:
        rows = sorted(rows, key=lambda row: -row["number"])
        rows = [row for row in rows if not after or row["number"] < int(after[1:])]
    found, more = rows[:limit], len(rows) > limit
    last = found[-1] if found else None
    rest = (_cursor(_place_of(last)) if asked.by_due else f"n{last['number']}") if last else None
    return Page(await cases_in_order(tx, [row["id"] for row in found]), rest if more else None)


async def counts(tx: Tx, asked: Mapping[str, Filter], *, most: int = MAX_COUNT) -> dict[str, Count]:
    """Return how many cases there are for each filter; nobody counts further than `most`."""
    async with store.by_index(tx):
        return {name: await _count(tx, one, most) for name, one in asked.items()}


async def _count(tx: Tx, asked: Filter, most: int) -> Count:
    """Where an index has them in a row, all is read there; else what fits is looked up."""
    keys, rest = await keys_for(tx, asked), False
    in_a_row = asked.by_due and keys.in_a_row
    if in_a_row or (asked.by_due and asked.due_before):
        budget = most + most // 4 if in_a_row else BOUNDS.few
        number, rest = await store.count_walk(tx, keys, asked.due_before, budget=budget)
    else:
        number = await store.count(tx, keys, limit=most + 1)
    return Count(min(number, most), more=number > most or rest)


async def keys_for(tx: Tx, asked: Filter) -> Keys:
    names = await names_of_account(tx, asked.customer) if asked.customer else ()
    return keys_of(asked, me=tx.actor.id, customers=names)


async def cases_in_order(tx: Tx, ids: Sequence[str]) -> list[Case]:
    rows = {row["id"]: row for row in await store.cases(tx, list(ids))}
    return [Case.of(rows[one]) for one in ids if one in rows]


async def _by_age(
    tx: Tx, keys: Keys, *, after: str | None, limit: int, most: int
) -> tuple[list[Hit], str | None]:
    if after and not _NEWEST.fullmatch(after):
        return [], None
    first_free = await store.first_free_number(tx)
    top = min(int(after[1:]), first_free) if after else first_free
    found = await store.newest(tx, keys, top=top, limit=limit + 1, most=most)
    rest = found.hits[limit - 1].number if len(found.hits) > limit else found.low
    return found.hits[:limit], f"n{rest}" if rest else None


async def _by_due(walk: Walk, bounds: Bounds) -> tuple[list[Hit], str | None]:
    """Walk from the most pressing on; what is rare is picked out at once instead, and sorted."""
    end: Place | None = None
    rows = [] if walk.keys.rare else await walk.rows(bounds.short_walk)
    if len(rows) < walk.limit and (walk.keys.rare or await walk.end(bounds.short_walk)):
        few = None if len(rows) * NEARLY > walk.limit else await walk.few(bounds.few)
        rows = await walk.rows(bounds.long_walk) if few is None else few[: walk.limit]
        if few is None and len(rows) < walk.limit:
            end = await walk.end(bounds.long_walk)
    if len(rows) == walk.limit:
        rows = rows[:-1]
        end = _place_of(rows[-1])
    return [Hit(row["number"], row["id"]) for row in rows], _cursor(end) if end else None


@dataclass(frozen=True, slots=True)
class Walk:
    """From one deadline on, past at most so many open cases."""

    tx: Tx
    keys: Keys
    start: Place | None
    before: datetime | None
    limit: int

    async def rows(self, budget: int) -> list[store.Row]:
        """Return what fits among them, the most pressing first."""
        return await store.walk(
            self.tx, self.keys, self.start, self.before, budget=budget, limit=self.limit
        )

    async def few(self, most: int) -> list[store.Row] | None:
        """Return all that fit, the most pressing first; None where they are more."""
        rows = await store.few(self.tx, self.keys, limit=most + 1)
        return _sorted(rows, self.start, self.before) if len(rows) <= most else None

    async def end(self, budget: int) -> Place | None:
        """Return the last of them; None where there are fewer."""
        return await store.end_of_walk(self.tx, self.keys, self.start, self.before, budget=budget)


def _sorted(rows: list[store.Row], start: Place | None, before: datetime | None) -> list[store.Row]:
    placed = sorted(rows, key=lambda row: _place_of(row).key)
    return [
        row
        for row in placed
        if (start is None or _place_of(row).key > start.key)
        and (before is None or (row["due_at"] and row["due_at"] < before))
    ]


def _place_of(row: store.Row) -> Place:
    return Place(row["due_at"], row["number"])


def _cursor(place: Place) -> str:
    micros = "-" if place.due_at is None else (place.due_at - _EPOCH) // timedelta(microseconds=1)
    return f"d{micros}.{place.number}"


def _place(cursor: str) -> Place:
    micros, number = cursor[1:].split(".")
    due_at = None if micros == "-" else _EPOCH + timedelta(microseconds=int(micros))
    return Place(due_at, int(number))
