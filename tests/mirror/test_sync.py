"""`prunella sync` fills the mirror from an account that exists already."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tests.mirror.world import SECRET, World, event, reading, sign

from prunella import mirror
from prunella.connectors.stripe.errors import StripeKeyRefused
from prunella.connectors.stripe.reads import Reads
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import from_unix
from prunella.kit.house import House
from prunella.mirror.sync.oldest import MAX_STEPS
from prunella.mirror.sync.progress import KindProgress, Progress

LONG_AGO = 1_700_000_000
A_DAY = 86_400


def an_account(customers: int = 250) -> World:
    """Customers over as many days, each with a card, an invoice, its payment, charge and refund."""
    world = World()
    for n in range(customers):
        owner, created = f"cus_{n:04}", LONG_AGO + n * A_DAY
        common = {"created": created, "customer": owner}
        world.put({**common, "id": f"pm_{n:04}", "object": "payment_method"})
        settings = {"default_payment_method": f"pm_{n:04}"}
        world.put(
            {"id": owner, "object": "customer", "created": created, "invoice_settings": settings}
        )
        world.put({**common, "id": f"in_{n:04}", "object": "invoice", "status": "open"})
        paying = {"type": "charge", "charge": f"ch_{n:04}"}
        payment = {"object": "invoice_payment", "invoice": f"in_{n:04}", "payment": paying}
        world.put({**payment, "id": f"inpay_{n:04}", "created": created})
        world.put({**common, "id": f"ch_{n:04}", "object": "charge", "status": "failed"})
        refund = {"object": "refund", "charge": f"ch_{n:04}", "created": created}
        world.put({**refund, "id": f"re_{n:04}"})
    return world


async def rows(house: House) -> dict[str, Any]:
    async with house.transaction(SYSTEM) as tx:
        found = await tx.all("select id, customer, data from mirror_objects")
    return {row["id"]: row for row in found}


async def test_everything_is_read_and_finds_its_customer(house: House) -> None:
    world = an_account()
    seen: list[Progress] = []
    async with reading(world) as reads:
        final = await mirror.sync(house, reads, on_progress=seen.append)
    found = await rows(house)
    assert set(found) == set(world.objects)
    assert {row["customer"] for row in found.values()} == {f"cus_{n:04}" for n in range(250)}
    assert found["cus_0007"]["data"]["invoice_settings"]["default_payment_method"] == "pm_0007"
    assert final.finished
    assert final.done == final.estimated_total == 5 * 250
    assert final.seconds_left == 0
    guesses = [p.estimated_total for p in seen if p.estimated_total]
    assert all(900 <= guess <= 1700 for guess in guesses), guesses


async def test_a_sync_that_was_stopped_goes_on_where_it_was(house: House) -> None:
    world = an_account()
    async with reading(world) as reads:
        await _stopped_in_the_middle(house, reads, world)
        pages = world.requests.count("/v1/charges")
        late = {"object": "charge", "customer": "cus_0000", "created": LONG_AGO + 900 * A_DAY}
        world.put({**late, "id": "ch_late", "status": "failed"})
        final = await mirror.sync(house, reads)
        assert world.requests.count("/v1/charges") - pages <= 2 + MAX_STEPS + 1
    assert set(await rows(house)) == set(world.objects)
    assert final.finished
    async with house.transaction(SYSTEM) as tx:
        assert (await mirror.status(tx)).synced_at


async def _stopped_in_the_middle(house: House, reads: Reads, world: World) -> None:
    world.refuse = lambda path: (401, {}) if world.requests.count(path) > 1 else None
    with pytest.raises(StripeKeyRefused):
        await mirror.sync(house, reads)
    world.refuse = lambda _path: None
    async with house.transaction(SYSTEM) as tx:
        assert (await mirror.status(tx)).synced_at is None


async def test_the_object_at_the_cursor_may_be_deleted_meanwhile(house: House) -> None:
    world = an_account()
    async with reading(world) as reads:
        await _stopped_in_the_middle(house, reads, world)
        async with house.transaction(SYSTEM) as tx:
            cursors = await tx.all("select cursor from mirror_sync where cursor is not null")
        for row in cursors:
            del world.objects[row["cursor"]]
        assert (await mirror.sync(house, reads)).finished
    assert set(world.objects) <= set(await rows(house))


async def test_what_was_new_since_a_stop_is_read_though_one_of_it_is_deleted_meanwhile(
    house: House,
) -> None:
    world = an_account()
    async with reading(world) as reads:
        await _stopped_in_the_middle(house, reads, world)
        for n in range(250):
            created = LONG_AGO + (900 + n) * A_DAY
            world.put({"id": f"cus_new_{n:04}", "object": "customer", "created": created})

        def delete_last(asked: dict[str, str], page: dict[str, Any]) -> None:
            """Of the first page of what is new: where the next one would go on."""
            if "created[gte]" in asked and "starting_after" not in asked and page["has_more"]:
                world.served = lambda _asked, _page: None
                del world.objects[page["data"][-1]["id"]]

        world.served = delete_last
        assert (await mirror.sync(house, reads)).finished
    assert len(world.objects) == 6 * 250 + 250 - 1
    assert set(world.objects) <= set(await rows(house))


async def test_a_webhook_that_comes_meanwhile_is_not_overwritten(house: House) -> None:
    world = an_account(3)
    inbox = mirror.Inbox(house, secrets=[SECRET])
    async with reading(world) as reads:
        paid = {**world.objects["in_0001"], "status": "paid"}
        soon = int((await reads.page("product")).until.timestamp()) + 60
        body = event("evt_1", "invoice.updated", paid, created=soon)
        await inbox.receive(body, sign(body))
        await asyncio.gather(mirror.sync(house, reads), mirror.take_batch(house, reads))
        while await mirror.take_batch(house, reads):
            pass
    assert (await rows(house))["in_0001"]["data"]["status"] == "paid"


async def test_a_kind_that_the_key_may_not_read_is_skipped_and_says_so(house: House) -> None:
    world = an_account(3)
    world.refuse = lambda path: (403, {}) if path == "/v1/disputes" else None
    async with reading(world) as reads:
        final = await mirror.sync(house, reads)
    assert final.finished
    assert final.kinds["dispute"].skipped
    assert len(await rows(house)) == len(world.objects)


def test_the_time_still_needed_follows_from_the_span_that_lies_behind() -> None:
    newest = from_unix(LONG_AGO)
    half = KindProgress(
        done=100,
        newest=newest,
        reached=newest - timedelta(days=5),
        oldest=newest - timedelta(days=10),
    )
    assert half.estimated_total == 200
    both = Progress({"charge": half, "refund": KindProgress(done=7, finished=True)}, elapsed_s=10.7)
    assert both.estimated_total == 207
    assert both.seconds_left == pytest.approx(10.0)
    assert Progress({"charge": half, "refund": KindProgress()}, elapsed_s=1).seconds_left is None
