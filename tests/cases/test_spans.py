"""Looking in spans finds what is there, the newest first, in few looks of bounded size."""

import random

import pytest

from prunella.cases.spans import MAX_HITS, MAX_LOOKS, Found, Hit, Seen, Span, newest

MILLION = 1_000_000


class Shelf:
    """Cases by number, and how often somebody looked."""

    def __init__(self, numbers: set[int]) -> None:
        self.numbers = sorted(numbers)
        self.looks = 0

    async def look(self, span: Span) -> Seen:
        self.looks += 1
        found = [Hit(n, str(n)) for n in self.numbers if span.low <= n < span.top]
        rows = min(len(found), MAX_HITS + 1)
        return Seen(found if len(found) <= MAX_HITS else None, rows)

    async def newest(self, *, top: int, wanted: int) -> Found:
        return await newest(self.look, top=top, wanted=wanted)


@pytest.mark.parametrize("every", [1, 7, 90, 1_000, 30_000, 400_000])
async def test_whatever_is_frequent_or_rare_is_found_in_few_looks(every: int) -> None:
    shelf = Shelf(set(range(1, MILLION, every)))
    found = await shelf.newest(top=MILLION, wanted=50)
    assert [hit.number for hit in found.hits] == shelf.numbers[::-1][:50]
    assert shelf.looks <= 8


async def test_what_lies_far_back_in_a_heap_is_found_at_once() -> None:
    shelf = Shelf(set(range(100_000, 160_000)))
    found = await shelf.newest(top=MILLION, wanted=50)
    assert [hit.number for hit in found.hits] == list(range(159_999, 159_949, -1))
    assert shelf.looks <= MAX_LOOKS / 2


async def test_page_by_page_it_is_everything_once() -> None:
    chance = random.Random(5)  # noqa: S311 a seeded example
    shelf = Shelf({chance.randrange(1, 70_000) for _ in range(3_000)})
    seen: list[int] = []
    top: int | None = 70_000
    while top is not None:
        found = await shelf.newest(top=top, wanted=100)
        seen += [hit.number for hit in found.hits]
        top = found.rest
    assert seen == shelf.numbers[::-1]


async def test_nothing_there_ends_at_once() -> None:
    shelf = Shelf(set())
    assert await shelf.newest(top=MILLION, wanted=50) == Found([], None)
    assert await shelf.newest(top=1, wanted=50) == Found([], None)
