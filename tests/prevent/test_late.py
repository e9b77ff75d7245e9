"""Failures from before we listened get their plans, spread over days, and only where it matters."""

import itertools
from datetime import timedelta

import pytest
from tests.prevent.world import Town

from prunella import cases
from prunella.kit.actor import SYSTEM
from prunella.tiers.prevent.late import days_to_wait
from prunella.tiers.prevent.store_late import Failing

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


async def begin(town: Town) -> None:
    """As whenever a process starts."""
    async with town.house.transaction(SYSTEM) as tx:
        await town.prevent.begin(tx)
    await town.fire()


async def imported(town: Town, customers: int, *, invoices: int = 1) -> None:
    """What `sync` found: bills that failed a week ago, and no event about them."""
    for number in range(customers):
        name = f"cus_{number}"
        await town.settle(name)
        for bill in range(invoices):
            await town.fail(name, f"in_{number}_{bill}", tell=False)
    town.clock.advance(days=7)


async def test_imported_failures_get_plans_and_no_burst_of_letters(town: Town) -> None:
    await imported(town, 12)
    await begin(town)
    assert await town.rows("select 1 from outbox") == []
    await town.live(until=town.clock.now() + 12 * DAY, step=3 * HOUR)
    plans = await town.rows("select customer, opened_at from recovery_plans")
    assert len(plans) == 12
    assert len({row["opened_at"].date() for row in plans}) > 3
    days = await town.rows(
        "select at::date as day, count(*) as n from letters_written group by 1 order by 2 desc"
    )
    assert days[0]["n"] < 12


async def test_five_old_bills_of_one_customer_are_taken_up_one_after_the_other(
    town: Town,
) -> None:
    await imported(town, 1, invoices=5)
    await begin(town)
    await town.live(until=town.clock.now() + 40 * DAY, step=3 * HOUR)
    opened = await town.rows("select opened_at from recovery_plans order by opened_at")
    assert len(opened) == 5
    gaps = [later["opened_at"] - one["opened_at"] for one, later in itertools.pairwise(opened)]
    assert min(gaps) >= DAY
    written = [one["created_at"] for one in await town.letters("cus_0")]
    assert all(sum(1 for one in written if at <= one < at + 7 * DAY) <= 4 for at in written)


async def test_what_was_paid_before_its_turn_gets_no_plan(town: Town) -> None:
    await imported(town, 1)
    await begin(town)
    await town.close("cus_0", "in_0_0", "paid", "paid")
    await town.live(until=town.clock.now() + 12 * DAY, step=6 * HOUR)
    assert await town.rows("select 1 from recovery_plans") == []
    assert await town.letters("cus_0") == []


async def test_what_failed_just_now_is_left_to_its_event(town: Town) -> None:
    await town.settle()
    await town.fail(tell=False)
    await begin(town)
    assert await town.rows("select 1 from timers where name = 'prevent.late'") == []


async def test_a_bill_that_a_person_looks_at_is_left_to_them(town: Town) -> None:
    await imported(town, 1)
    customer = await town.settle("cus_0")
    async with town.house.transaction(SYSTEM) as tx:
        await cases.open_case(tx, customer, subject="Why?", because="asked", about="in_0_0")
    await begin(town)
    await town.live(until=town.clock.now() + 9 * DAY, step=6 * HOUR)
    assert await town.rows("select 1 from recovery_plans") == []


async def test_an_event_that_comes_first_begins_the_one_plan(town: Town) -> None:
    await imported(town, 1)
    await begin(town)
    await town.tell("invoice.payment_failed", "in_0_0", "cus_0")
    assert len(await town.letters("cus_0")) == 1
    await town.live(until=town.clock.now() + DAY, step=6 * HOUR)
    assert len(await town.rows("select 1 from recovery_plans")) == 1


@pytest.mark.parametrize("spread", [1, 7, 30])
def test_customers_wait_different_days_within_the_spread(spread: int) -> None:
    days = [days_to_wait(Failing(f"cus_{n}", "in_1", 0), spread=spread) for n in range(500)]
    assert (min(days), max(days)) == (1, spread)
    assert max(days.count(day) for day in set(days)) < 3 * 500 / spread
