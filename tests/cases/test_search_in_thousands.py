"""Among thousands of cases a search finds, page by page, what reading all of them finds."""

import random

import psycopg
import pytest
from bench.shelf import fill

from prunella import cases
from prunella.cases import EVERY_STATUS, Filter
from prunella.cases.asked import Asked
from prunella.cases.filters import keys_of
from prunella.cases.search import MAX_ROWS
from prunella.cases.store_finding import wanted
from prunella.kit.actor import Actor
from prunella.kit.house import House, Tx

MANY = 3_500
# Their numbers lie in three blocks, each far from the next.
_LEAPS = {1_750: 30_000, 3_000: 500_000}
_LEAP_TO = "alter sequence cases_number_seq restart with {}"
# Of some cases very much was said: words in two parts of it do not meet.
_SPLIT = """
insert into case_words (case_id, part, number, head, said)
select case_id, 1, number, head, array_to_tsvector(array['w1', 'x', 'apart', 'x34' || number])
from case_words where mod(number, 7) = 0
"""
ME = Actor(kind="staff", id="stf_3", role="agent", verified=True)
_READ_ALL = """
select c.id from cases c
join case_heads h on h.case_id = c.id left join case_words w on w.case_id = c.id
where (h.head @@ %(asked)s::tsquery or w.head || w.said @@ %(asked)s::tsquery)
  and fits(facets, %(every)s, %(never)s, %(statuses)s, %(customers)s)
group by c.id, c.number, h.head order by not h.head @@ %(asked)s::tsquery, c.number desc
"""
FILTERS = (
    cases.ANYWHERE,
    Filter(assignee="me"),
    Filter(tag="tag-1", statuses=EVERY_STATUS),
    Filter(tag="tag-40", statuses=EVERY_STATUS, snoozed=None, spam=None),
    Filter(statuses=("closed",), team="legal"),
)
QUERIES = ("w1 ", "w", "w1 w2 w3 ", "w4 x", "w4000", "x34", "s", "subject w7 ", "post@", "nobody ")
OTHERS = ("x1", "apart ", "apart w2 ", "w1 x34", "1 x", "w30 x30", "30")
WORDS = ("w1", "w2", "w9", "w40", "w300", "w", "x3", "x30", "x17", "s7", "subject", "apart", "30")


@pytest.fixture
def shelf(database_url: str) -> str:
    first = 1
    with psycopg.connect(database_url, autocommit=True) as conn:
        for last, leap in _LEAPS.items():
            fill(database_url, first=first, last=last)
            conn.execute(_LEAP_TO.format(leap).encode())
            first = last + 1
        fill(database_url, first=first, last=MANY)
        conn.execute(_SPLIT)
    return database_url


async def read_through(
    tx: Tx, query: str, asked: Filter, limit: int, *, most: int = MAX_ROWS
) -> list[str]:
    found, after = list[str](), None
    while True:
        page = await cases.search(tx, query, filters=asked, after=after, limit=limit, most=most)
        found += [case.id for case in page.data]
        after = page.next_cursor
        if after is None:
            return found


async def read_all(tx: Tx, query: str, asked: Filter) -> list[str]:
    keys = wanted(keys_of(asked, me=ME.id))
    return [row["id"] for row in await tx.all(_READ_ALL, keys | {"asked": Asked.of(query).tsquery})]


@pytest.mark.usefixtures("shelf")
async def test_page_by_page_it_is_everything_once(house: House) -> None:
    chance = random.Random(7)  # noqa: S311 a seeded example
    async with house.transaction(ME) as tx:
        for query in (*QUERIES, *OTHERS):
            for asked in FILTERS:
                limit = chance.choice((50, 64, 100))
                found = await read_through(tx, query, asked, limit)
                assert found == await read_all(tx, query, asked), (query, asked, limit)


@pytest.mark.usefixtures("shelf")
async def test_whatever_is_asked_it_is_everything_once(house: House) -> None:
    chance = random.Random(8)  # noqa: S311 a seeded example
    async with house.transaction(ME) as tx:
        for _ in range(40):
            query = " ".join(chance.sample(WORDS, chance.randint(1, 3))) + chance.choice((" ", ""))
            asked, limit = chance.choice(FILTERS), chance.choice((7, 50, 100))
            found = await read_through(tx, query, asked, limit)
            assert found == await read_all(tx, query, asked), (query, asked, limit)


@pytest.mark.usefixtures("shelf")
async def test_where_the_looking_stops_the_next_page_goes_on(house: House) -> None:
    chance = random.Random(9)  # noqa: S311 a seeded example
    async with house.transaction(ME) as tx:
        for _ in range(40):
            query = " ".join(chance.sample(WORDS, chance.randint(1, 2))) + chance.choice((" ", ""))
            asked, most = chance.choice(FILTERS), chance.choice((1, 60, 300, 1_000))
            found = await read_through(tx, query, asked, 50, most=most)
            assert found == await read_all(tx, query, asked), (query, asked, most)


@pytest.mark.usefixtures("shelf")
async def test_what_hardly_any_have_together_is_a_short_page_that_goes_on(house: House) -> None:
    asked = Filter(statuses=EVERY_STATUS, team="legal")
    async with house.transaction(ME) as tx:
        page = await cases.search(tx, "w40 ", filters=asked, limit=50, most=40)
        assert page.next_cursor
        assert len(page.data) < 50
        assert await read_through(tx, "w40 ", asked, 50, most=40) == await read_all(
            tx, "w40 ", asked
        )
