"""Lists of cases hold what their filter says, in order, page by page, whatever the filter."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from prunella import cases, people
from prunella.cases import Case, Filter
from prunella.cases.filters import EVERY_STATUS, Keys, keys_of
from prunella.cases.finding import BOUNDS, Bounds
from prunella.cases.record import Kind, Level, Severity
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.house import House, Tx
from prunella.people import Team

ME = Actor(kind="staff", id="stf_me", role="agent", verified=True)
TAGS = ("vip", "refund", "live")
_ADD = """
insert into cases (id, customer, subject, about, reuse_key, text, status, severity, level, because,
  context, promised_at, opened_at, kind, assignee, team, tags, snoozed_until, spam, due_at)
values (%(id)s, %(customer)s, 'Bill', '', %(id)s, '', %(status)s, %(severity)s, %(level)s, 'asked',
  '{}', %(now)s, %(now)s, %(kind)s, %(assignee)s, %(team)s, %(tags)s, %(snoozed_until)s, %(spam)s,
  %(due_at)s)
"""


@pytest.fixture
def chance() -> random.Random:
    return random.Random(20261121)  # noqa: S311 a seeded example


async def fill(tx: Tx, chance: random.Random, *, many: int) -> list[Case]:
    """Add cases of every sort; returns them as they are stored."""
    owners = [(await people.add_customer(tx, name=f"Shop {n}")).id for n in range(3)]
    for _ in range(many):
        status = chance.choice(EVERY_STATUS)
        minutes = timedelta(minutes=chance.randrange(-90, 90))
        row = {
            "id": tx.new_id("case"),
            "customer": chance.choice(owners),
            "status": status,
            "severity": chance.choice(get_args(Severity)),
            "level": chance.choice(get_args(Level)),
            "kind": chance.choice(get_args(Kind)),
            "assignee": chance.choice([None, "stf_me", "stf_other"]),
            "team": chance.choice(get_args(Team)[:3]),
            "tags": chance.sample(TAGS, chance.randrange(3)),
            "snoozed_until": chance.choice([None, None, tx.now + minutes]),
            "spam": chance.random() < 0.2,
            "due_at": chance.choice([None, tx.now + minutes, tx.now]),
            "now": tx.now,
        }
        await tx.execute(_ADD, row)
    return [Case.of(row) for row in await tx.all("select * from cases")]


def a_filter(tx: Tx, chance: random.Random, owners: list[str]) -> Filter:
    def perhaps(values: tuple[str, ...]) -> str | None:
        return chance.choice(values) if chance.random() < 0.3 else None

    statuses = chance.sample(EVERY_STATUS, chance.randrange(1, 7))
    return Filter(
        statuses=cases.OPEN if chance.random() < 0.5 else tuple(statuses),
        assignee=perhaps(("me", "none", "stf_other")),
        team=perhaps(get_args(Team)[:4]),  # type: ignore[arg-type]  # drawn from its own values
        tag=perhaps((*TAGS, "nobody")),
        severity=perhaps(get_args(Severity)),  # type: ignore[arg-type]
        level=perhaps(get_args(Level)),  # type: ignore[arg-type]
        kind=perhaps(get_args(Kind)),  # type: ignore[arg-type]
        customer=perhaps(tuple(owners)),
        snoozed=chance.choice([None, False, False, True]),
        spam=chance.choice([None, False, False, True]),
        due_before=chance.choice([None, None, tx.now + timedelta(minutes=5)]),
        order=chance.choice(["due", "newest"]),
    )


def fits(asked: Filter, case: Case) -> bool:
    assignee = {"me": "stf_me", "none": None}.get(asked.assignee or "", asked.assignee)
    return all(
        (
            case.status in asked.statuses,
            asked.assignee is None or case.assignee == assignee,
            asked.team in (None, case.team),
            asked.tag is None or asked.tag in case.tags,
            asked.severity in (None, case.severity),
            asked.level in (None, case.level),
            asked.kind in (None, case.kind),
            asked.customer in (None, case.customer),
            asked.snoozed in (None, case.snoozed_until is not None),
            asked.spam in (None, case.spam),
            not (asked.by_due and asked.due_before)
            or (case.due_at is not None and case.due_at < asked.due_before),
        )
    )


def brute_force(asked: Filter, all_cases: list[Case]) -> list[str]:
    def place(case: Case) -> tuple[object, ...]:
        if not asked.by_due:
            return (-case.number,)
        return (case.due_at is None, case.due_at, case.number)

    return [case.id for case in sorted(filter(lambda c: fits(asked, c), all_cases), key=place)]


async def read_through(tx: Tx, asked: Filter, limit: int, bounds: Bounds = BOUNDS) -> list[str]:
    found: list[str] = []
    after: str | None = None
    while True:
        page = await cases.inbox(tx, asked, after=after, limit=limit, bounds=bounds)
        assert len(page.data) <= limit
        found += [case.id for case in page.data]
        after = page.next_cursor
        if after is None:
            return found


@pytest.mark.parametrize("bounds", [Bounds(), Bounds(short_walk=7, few=5, long_walk=20, by_age=6)])
async def test_an_inbox_is_what_a_brute_force_filter_finds(
    house: House, chance: random.Random, bounds: Bounds
) -> None:
    """Also where the bounds are so near that every way of looking is taken."""
    async with house.transaction(ME) as tx:
        all_cases = await fill(tx, chance, many=200)
        owners = sorted({case.customer for case in all_cases})
        for _ in range(60):
            asked = a_filter(tx, chance, owners)
            expected = brute_force(asked, all_cases)
            assert await read_through(tx, asked, chance.randrange(1, 40), bounds) == expected, asked
            count = (await cases.counts(tx, {"it": asked}))["it"]
            assert count.number == len(expected) or count.more, asked


async def test_nobody_counts_further_than_a_person_reads(
    house: House, chance: random.Random
) -> None:
    async with house.transaction(ME) as tx:
        all_cases = await fill(tx, chance, many=60)
        every = Filter(statuses=EVERY_STATUS, snoozed=None, spam=None)
        found = await cases.counts(tx, {"all": every, "none": replace(every, tag="x")}, most=40)
        assert (str(found["all"]), str(found["none"])) == ("40+", "0")
        exact = await cases.counts(tx, {"all": every})
        assert str(exact["all"]) == str(len(all_cases))


async def test_a_page_that_was_left_goes_on_where_it_stopped(
    house: House, chance: random.Random
) -> None:
    """What came or went meanwhile moves nothing that was not read yet."""
    async with house.transaction(ME) as tx:
        await fill(tx, chance, many=80)
        asked = Filter(order="newest", snoozed=None, spam=None)
        before = await read_through(tx, asked, 100)
        page = await cases.inbox(tx, asked, limit=5)
        await fill(tx, chance, many=20)
        rest = await cases.inbox(tx, asked, after=page.next_cursor, limit=100)
        assert [case.id for case in page.data + rest.data] == before


async def test_among_few_a_list_is_the_whole_ones_part(house: House, chance: random.Random) -> None:
    """In its order, page by page, with each case once."""
    async with house.transaction(ME) as tx:
        all_cases = await fill(tx, chance, many=60)
        few = [case.id for case in chance.sample(all_cases, 30)]
        owners = sorted({case.customer for case in all_cases})
        for asked in (a_filter(tx, chance, owners) for _ in range(30)):
            expected = [one for one in brute_force(asked, all_cases) if one in few]
            found: list[str] = []
            after, more = None, True
            while more:
                page = await cases.inbox_among(tx, few, asked, after=after, limit=4)
                found += [case.id for case in page.data]
                after, more = page.next_cursor, page.next_cursor is not None
            assert found == expected, asked


@pytest.mark.parametrize(
    "cursor",
    ["x", "n", "d1", "d-.x", "n1; drop", "d99999999999999999.1", "d99999999999999999999.1"],
)
async def test_a_cursor_that_is_none_finds_nothing(tx: Tx, cursor: str) -> None:
    for order in ("due", "newest"):
        page = await cases.inbox(tx, Filter(order=order), after=cursor)
        assert (page.data, page.next_cursor) == ([], None)
        page = await cases.inbox_among(tx, ["case_x"], Filter(order=order), after=cursor)
        assert (page.data, page.next_cursor) == ([], None)


async def test_a_cursor_far_beyond_the_newest_is_as_none(
    house: House, chance: random.Random
) -> None:
    async with house.transaction(ME) as tx:
        await fill(tx, chance, many=20)
        asked = Filter(order="newest")
        page = await cases.inbox(tx, asked, after=f"n{'9' * 18}")
        assert page == await cases.inbox(tx, asked)


async def test_a_merged_account_has_its_cases_under_one_name(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        old = await people.add_customer(tx, name="Old")
        new = await people.add_customer(tx, name="New")
        case = await cases.open_case(tx, old, subject="Bill", because="asked")
        await tx.execute("update customers set follows = %s where id = %s", (new.id, old.id))
        page = await cases.inbox(tx, Filter(customer=new.id))
        assert [one.id for one in page.data] == [case.id]


async def test_a_case_leaves_and_comes_back_with_what_is_done_to_it(house: House) -> None:
    async with house.transaction(ME) as tx:
        customer = await people.add_customer(tx, name="Northbeck")
        case = await cases.open_case(tx, customer, subject="Bill", because="asked")

        async def listed(**changes: object) -> bool:
            page = await cases.inbox(tx, replace(Filter(), **changes))  # type: ignore[arg-type]
            return [one.id for one in page.data] == [case.id]

        assert await listed(assignee="none")
        await case.tag(tx, add=["vip"])
        assert await listed(tag="vip")
        await case.snooze(tx, tx.now + timedelta(days=1))
        assert not await listed()
        assert await listed(snoozed=True)
        await case.snooze(tx, None)
        await case.mark_spam(tx)
        assert not await listed()
        assert await listed(spam=True)


def test_what_everything_is_asked_for_by_is_as_little_as_possible() -> None:
    everything = Filter(statuses=EVERY_STATUS, snoozed=None, spam=None)
    assert keys_of(everything, me="x") == Keys([], [], None, None, None, None)
    assert keys_of(Filter(), me="x").every == [":live"]


async def test_a_list_is_read_also_among_statements_that_travel_together(
    house: House, chance: random.Random
) -> None:
    async with house.transaction(SYSTEM) as tx:
        everything = await fill(tx, chance, many=20)
        for _ in range(3):  # what is asked for again is a prepared statement
            async with tx.together():
                found = await cases.list_cases(tx, statuses=EVERY_STATUS)
            assert len(found.data) == len(everything)
