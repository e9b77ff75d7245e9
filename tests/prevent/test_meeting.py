"""A plan is looked at while its timer fires: one waits for the other, neither fails."""

import asyncio

from structlog.testing import capture_logs
from tests.kit.waiting import someone_waits
from tests.prevent.world import Town

from prunella.kit import timers
from prunella.kit.actor import SYSTEM
from prunella.people import Customer
from prunella.tiers import prevent


async def test_a_look_and_the_timer_of_the_same_plan_take_turns(town: Town) -> None:
    customer = await town.settle()
    await town.fail()
    due = (await town.plan()).next_due_at
    assert due is not None
    town.clock.time = due
    with capture_logs() as logged:
        await _meet(town, customer)
    assert logged == []
    [timer] = await town.rows(
        "select due_at, attempts from timers where name = %s", prevent.PLAN_TIMER
    )
    assert timer["attempts"] == 0
    assert timer["due_at"] > due
    assert [step for step in (await town.plan()).awaited if step.due_at <= due] == []


async def _meet(town: Town, customer: Customer) -> None:
    async with town.house.transaction(SYSTEM) as tx:
        await tx.one("select 1 from recovery_plans where invoice = 'in_1' for update")
        firing = asyncio.create_task(timers.fire_one(town.house))
        await someone_waits(town.house)
        await town.prevent.recovery.look(tx, customer, "in_1")
    assert await firing == 1
