"""Who begins a fix, and who asks for something else meanwhile, take turns in one order."""

import asyncio

from tests.selfheal.conftest import NewCustomer

from prunella import cases
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House
from prunella.tiers.selfheal import FixRun, SelfHeal

FIX = "update_billing_details"
WAITS = "select 1 from pg_locks where locktype = 'advisory' and not granted"


async def test_who_waits_for_the_customers_turn_holds_nothing_of_theirs(
    selfheal: SelfHeal, new_customer: NewCustomer
) -> None:
    ours = await new_customer()
    target = ours.customer.stripe_customer or ""

    async def begin() -> FixRun:
        async with ours.house.transaction(ours.person) as tx:
            choice = {"name": "Northbeck Ltd"}
            return await selfheal.begin(tx, ours.customer, fix=FIX, target=target, choice=choice)

    async with ours.house.transaction(SYSTEM) as tx:
        await ours.door.take_turn(tx, ours.customer)
        begun = asyncio.create_task(begin())
        await waits(ours.house, begun)
        await tx.execute("set local lock_timeout = '1s'")
        contact = await cases.contact_about(
            tx,
            ours.customer.id,
            subject=target,
            channel="api",
            direction="inbound",
            tier="selfheal",
        )
    assert (await begun).contact == contact.id


async def waits(house: House, begun: asyncio.Task[FixRun]) -> None:
    """Return once it waits for a turn; that it ended instead is told by its outcome."""
    while not begun.done():
        async with house.transaction(SYSTEM) as tx:
            if await tx.one(WAITS):
                return
        await asyncio.sleep(0.01)
