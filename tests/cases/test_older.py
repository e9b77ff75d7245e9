"""Cases from before there were clocks: they get theirs once, a few at a time, without a noise."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.cases.scene import ADMIN, acting, events_of, themselves
from tests.conftest import MakeHouse, TestClock

from prunella import cases, people
from prunella.cases import Case
from prunella.kit import timers
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House

OPENED = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
async def house(make_house: MakeHouse, clock: TestClock) -> House:
    clock.time = OPENED
    return await make_house(handlers={cases.CLOCK: cases.on_clock, cases.CLOSE: cases.close_solved})


async def opened(house: House, *subjects: str) -> list[Case]:
    async with house.transaction(SYSTEM) as tx:
        customer = await people.add_customer(tx, name="Beck", time_zone="UTC", plan="professional")
        theirs = acting(tx, themselves(customer))
        return [
            await cases.open_case(theirs, customer, subject=one, text="Why?", because="asked")
            for one in subjects
        ]


async def forget_clocks(house: House) -> None:
    """As the version before left it."""
    async with house.transaction(SYSTEM) as tx:
        await tx.execute("delete from case_clocks")
        await tx.execute("delete from timers")
        await tx.execute("update cases set due_at = null")


async def clocks_in(house: House, *found: Case) -> dict[str, Any]:
    async with house.transaction(SYSTEM) as tx:
        return {**await cases.clocks_of(tx, [one.id for one in found])}


async def test_every_open_case_gets_the_clocks_it_would_have_had(house: House) -> None:
    found = await opened(house, *(f"Bill {n}" for n in range(7)))
    async with house.transaction(SYSTEM) as tx:
        await found[6].set(acting(tx, ADMIN), status="solved")
    before = await clocks_in(house, *found[:6])
    await forget_clocks(house)
    assert await cases.begin_clocks(house, most=3) == 6
    assert await clocks_in(house, *found) == before
    assert await cases.begin_clocks(house, most=3) == 0
    async with house.transaction(SYSTEM) as tx:
        due = [(await cases.get_case(tx, one.id) or one).due_at for one in found[:6]]
    assert due == [clocks.due_at() for clocks in before.values()]


async def test_what_was_solved_before_closes_a_week_after_it_was_solved(
    house: House, clock: TestClock
) -> None:
    found = await opened(house, *(f"Bill {n}" for n in range(5)))
    async with house.transaction(SYSTEM) as tx:
        for case in found[:4]:
            await case.solve(acting(tx, ADMIN))
    await forget_clocks(house)
    clock.advance(days=5)
    assert await cases.close_later(house, most=3) == 4
    assert await cases.close_later(house, most=3) == 0
    clock.advance(days=1)
    await fire(house)
    assert await statuses(house, found) == [*["solved"] * 4, "new"]
    clock.advance(days=1)
    await fire(house)
    assert await statuses(house, found) == [*["closed"] * 4, "new"]


async def test_what_was_solved_long_ago_closes_at_once_and_what_is_open_again_does_not(
    house: House, clock: TestClock
) -> None:
    long_ago, again = await opened(house, "Bill", "Card")
    async with house.transaction(SYSTEM) as tx:
        await long_ago.solve(acting(tx, ADMIN))
        await again.solve(acting(tx, ADMIN))
    await forget_clocks(house)
    clock.advance(days=400)
    await cases.close_later(house)
    async with house.transaction(SYSTEM) as tx:
        await again.reopen(acting(tx, ADMIN))
    await fire(house)
    assert await statuses(house, [long_ago, again]) == ["closed", "open"]


async def fire(house: House) -> None:
    while await timers.fire_one(house):
        pass


async def statuses(house: House, found: list[Case]) -> list[str]:
    async with house.transaction(SYSTEM) as tx:
        return [(await cases.get_case(tx, one.id) or one).status for one in found]


async def test_a_backlog_that_was_late_already_shows_so_and_rings_no_bell(
    house: House, clock: TestClock
) -> None:
    [case] = await opened(house, "Late")
    await forget_clocks(house)
    clock.advance(days=30)
    await cases.begin_clocks(house)
    await fire(house)
    clocks = (await clocks_in(house, case))[case.id]
    assert clocks.breached == ("response", "resolution")
    async with house.transaction(SYSTEM) as tx:
        now = await cases.get_case(tx, case.id)
        assert now
        assert now.level == "support"
        assert now.due_at
        assert now.due_at < clock.now()
        assert "case.sla_breached" not in await events_of(tx, case)
        [kept] = [one for one in await cases.attainment(tx, since=OPENED) if one.missed]
    assert (kept.plan, kept.kept, kept.missed) == ("professional", 0, 1)


async def test_what_waited_for_the_customer_is_paused_since_our_answer(
    house: House, clock: TestClock
) -> None:
    [case] = await opened(house, "Waits")
    clock.advance(minutes=30)
    async with house.transaction(SYSTEM) as tx:
        await case.reply(acting(tx, ADMIN), "Which card?")
    await forget_clocks(house)
    clock.advance(days=9)
    await cases.begin_clocks(house)
    clocks = (await clocks_in(house, case))[case.id]
    answered = OPENED + timedelta(minutes=30)
    assert (clocks.paused_at, clocks.responded_at) == (answered, answered)
    assert (clocks.breached, clocks.due_at()) == ((), None)
