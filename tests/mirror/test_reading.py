"""What others learn of a customer from the mirror."""

import asyncio
import time
from contextlib import suppress

import pytest
from psycopg.errors import DeadlockDetected
from tests.kit.waiting import someone_waits
from tests.mirror.world import SECRET, World, event, reading, sign

from prunella import mirror
from prunella.connectors.stripe.errors import StripeNotFound
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House, Tx

NOW = int(time.time()) - 1_000
WRITTEN = "update mirror_objects set as_of = as_of where id = %s"


def owned(kind: str, name: str, **more: object) -> dict[str, object]:
    return {"id": name, "object": kind, "created": NOW, "customer": "cus_1", **more}


def a_customer_with_a_past() -> World:
    world = World()
    world.put({"id": "cus_1", "object": "customer", "created": NOW})
    for n in range(60):
        world.put(owned("charge", f"ch_{n:02}", created=NOW + n, status="failed"))
        status = "open" if n < 3 else "paid"
        world.put(owned("invoice", f"in_{n:02}", created=NOW + n, status=status))
    return world


async def test_a_long_past_is_cut_but_every_open_invoice_is_there(house: House) -> None:
    async with reading(a_customer_with_a_past()) as reads:
        await mirror.sync(house, reads)
    async with house.transaction(SYSTEM) as tx:
        found = await mirror.objects_of(tx, "cus_1")
    assert [c["id"] for c in found["charge"]] == [f"ch_{n:02}" for n in range(59, 19, -1)]
    invoices = [i["id"] for i in found["invoice"]]
    assert invoices == [f"in_{n:02}" for n in [*range(59, 35, -1), 2, 1, 0]]
    assert found["refund"] == []


async def test_a_fresh_look_is_stored_even_right_after_the_last_one(house: House) -> None:
    world = a_customer_with_a_past()
    async with reading(world) as reads:
        await mirror.refresh_customer(house, reads, "cus_1")
        world.put(owned("invoice", "in_59", created=NOW + 59, status="void"))
        await mirror.refresh_customer(house, reads, "cus_1")
        async with house.transaction(SYSTEM) as tx:
            found = await mirror.objects_of(tx, "cus_1")
        assert found["invoice"][0]["status"] == "void"
        world.put(owned("invoice", "in_59", created=NOW + 59, status="open"))
        again = await mirror.refresh(house, reads, "invoice", "in_59")
        assert again
        assert again.data["status"] == "open"


async def test_what_stripe_no_longer_has_is_marked(house: House) -> None:
    world = a_customer_with_a_past()
    async with reading(world) as reads:
        await mirror.refresh_customer(house, reads, "cus_1")
        world.objects.clear()
        with pytest.raises(StripeNotFound):
            await mirror.refresh_customer(house, reads, "cus_1")
        assert await mirror.refresh(house, reads, "invoice", "in_never") is None
    async with house.transaction(SYSTEM) as tx:
        found = await mirror.get(tx, "cus_1")
    assert found
    assert found.deleted


async def test_a_new_house_says_that_it_knows_nothing(tx: Tx) -> None:
    status = await mirror.status(tx)
    assert (status.as_of, status.waiting, status.aside, status.lag_s) == (None, 0, 0, 0.0)
    assert status.reachable
    assert await mirror.get(tx, "cus_1") is None
    assert await mirror.customers(tx) == []


async def test_while_events_wait_the_mirror_is_as_old_as_the_first_of_them(house: House) -> None:
    inbox = mirror.Inbox(house, secrets=[SECRET])
    body = event("evt_1", "charge.updated", owned("charge", "ch_1"), created=NOW)
    await inbox.receive(body, sign(body))
    async with house.transaction(SYSTEM) as tx:
        status = await mirror.status(tx)
    assert status.as_of
    assert status.as_of.timestamp() == NOW
    assert status.waiting == 1


async def test_customers_are_walked_in_pages(house: House) -> None:
    world = World()
    for n in range(5):
        world.put({"id": f"cus_{n}", "object": "customer", "created": n})
    async with reading(world) as reads:
        await mirror.sync(house, reads)
    async with house.transaction(SYSTEM) as tx:
        first = await mirror.customers(tx, limit=3)
        rest = await mirror.customers(tx, after=first[-1].id, limit=3)
    assert [c.id for c in (*first, *rest)] == [f"cus_{n}" for n in range(5)]


async def test_a_fresh_look_comes_through_while_others_write_the_same_in_another_order(
    house: House,
) -> None:
    world = a_customer_with_a_past()
    async with reading(world) as reads:
        await mirror.refresh_customer(house, reads, "cus_1")
        world.put(owned("invoice", "in_59", created=NOW + 59, status="void"))
        # Whoever waits a second first is ended, so the look; after a standstill, this one.
        with suppress(DeadlockDetected):
            async with house.transaction(SYSTEM) as tx:
                await tx.execute("set local deadlock_timeout = '10s'")
                await tx.execute(WRITTEN, ("in_59",))
                looking = asyncio.create_task(mirror.refresh_customer(house, reads, "cus_1"))
                await someone_waits(house)
                await tx.execute(WRITTEN, ("ch_59",))
        await looking
    async with house.transaction(SYSTEM) as tx:
        found = await mirror.objects_of(tx, "cus_1")
    assert found["invoice"][0]["status"] == "void"
