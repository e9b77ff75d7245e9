"""Kinds of objects that Stripe tells of in ways of their own."""

import asyncio
from typing import Any

from tests.mirror.world import SECRET, World, event, reading, sign

from prunella import mirror
from prunella.connectors.stripe.reads import Reads
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House

CREATED = 1_700_000_000


async def hear(house: House, reads: Reads, body: bytes) -> None:
    await mirror.Inbox(house, secrets=[SECRET]).receive(body, sign(body))
    while await mirror.take_batch(house, reads):
        pass


async def of_customer(house: House) -> dict[str, list[dict[str, Any]]]:
    async with house.transaction(SYSTEM) as tx:
        return await mirror.objects_of(tx, "cus_1")


def a_customer(world: World) -> dict[str, Any]:
    return world.put({"id": "cus_1", "object": "customer", "created": CREATED})


async def test_credit_notes_and_setups_are_the_customers(house: House) -> None:
    world = World()
    a_customer(world)
    common = {"customer": "cus_1", "created": CREATED}
    world.put({**common, "id": "cn_1", "object": "credit_note", "invoice": "in_1"})
    world.put({**common, "id": "seti_1", "object": "setup_intent", "status": "succeeded"})
    async with reading(world) as reads:
        await mirror.sync(house, reads)
        synced = await of_customer(house)
        await mirror.refresh_customer(house, reads, "cus_1")
    assert [one["id"] for one in synced["credit_note"]] == ["cn_1"]
    assert [one["id"] for one in synced["setup_intent"]] == ["seti_1"]


async def test_a_card_of_the_older_shape_is_kept_as_the_payment_method_it_also_is(
    house: House,
) -> None:
    world = World()
    a_customer(world)
    also = {"id": "card_1", "object": "payment_method", "customer": "cus_1", "created": CREATED}
    world.put(also)
    card = {"id": "card_1", "object": "card", "customer": "cus_1", "last4": "0341"}
    async with reading(world) as reads:
        await hear(house, reads, event("evt_1", "customer.source.created", card, created=CREATED))
    assert (await of_customer(house))["payment_method"] == [also]


async def test_refunds_and_disputes_are_read_afresh_through_their_charges(house: House) -> None:
    world = World()
    a_customer(world)
    paid = {"object": "charge", "customer": "cus_1", "created": CREATED, "status": "succeeded"}
    world.put({**paid, "id": "ch_1", "amount_refunded": 500, "disputed": True})
    back = {"charge": "ch_1", "created": CREATED, "status": "pending"}
    world.put({**back, "id": "re_1", "object": "refund"})
    world.put({**back, "id": "dp_1", "object": "dispute"})
    async with reading(world) as reads:
        await mirror.refresh_customer(house, reads, "cus_1")
    known = await of_customer(house)
    assert [one["id"] for one in known["refund"]] == ["re_1"]
    assert [one["id"] for one in known["dispute"]] == ["dp_1"]


async def test_what_a_deleted_customer_had_in_use_is_read_again(house: House) -> None:
    world = World()
    owner = a_customer(world)
    plan = {"object": "subscription", "customer": "cus_1", "created": CREATED}
    world.put({**plan, "id": "sub_1", "status": "active"})
    async with reading(world) as reads:
        await mirror.sync(house, reads)
        soon = int((await reads.page("product")).until.timestamp()) + 60
        world.put({**plan, "id": "sub_1", "status": "canceled"})
        del world.objects["cus_1"]
        async with house.transaction(SYSTEM) as tx:
            await tx.execute(
                """
                update mirror_objects set as_of = as_of - interval '1 hour',
                  as_of_until = as_of_until - interval '1 hour'
                """
            )
        await hear(house, reads, event("evt_1", "customer.deleted", owner, created=soon))
    known = await of_customer(house)
    assert known["customer"][0]["deleted"] is True
    assert [one["status"] for one in known["subscription"]] == ["canceled"]


async def test_a_fresh_look_that_comes_too_late_is_kept_as_no_answer(house: House) -> None:
    world = World()
    a_customer(world)
    async with reading(world) as reads:
        asked = asyncio.create_task(mirror.refresh_customer(house, reads, "cus_1"))
        while not world.requests:  # noqa: ASYNC110 the small Stripe offers nothing to wait for
            await asyncio.sleep(0.001)
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
    async with house.transaction(SYSTEM) as tx:
        known = await mirror.status(tx)
    assert (known.problem, known.failed_at) == ("no answer in time", house.clock.now())
