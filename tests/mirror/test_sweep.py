"""The sweep finds and mends what webhooks missed, and tells the house of it."""

from datetime import timedelta
from typing import Any

import pytest
from tests.conftest import MakeHouse
from tests.mirror.world import SECRET, World, event, reading, sign

from prunella import mirror
from prunella.connectors.stripe.errors import StripeKeyRefused
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import SystemClock, system_now
from prunella.kit.house import House

AN_HOUR = 3_600


def a_company() -> World:
    world, created = World(), int(system_now().timestamp()) - 30 * AN_HOUR
    for n in range(3):
        owner, common = f"cus_{n}", {"customer": f"cus_{n}", "created": created + n}
        settings = {"default_payment_method": f"pm_{n}"}
        world.put(
            {"id": owner, "object": "customer", "created": created, "invoice_settings": settings}
        )
        world.put({**common, "id": f"pm_{n}", "object": "payment_method"})
        invoice = {"object": "invoice", "status": "open", "attempt_count": 0}
        world.put({**common, **invoice, "id": f"in_{n}"})
        world.put({**common, "id": f"ch_{n}", "object": "charge", "status": "failed"})
    return world


async def told(house: House) -> list[tuple[str, str]]:
    async with house.transaction(SYSTEM) as tx:
        rows = await tx.all("select name, subject from events")
    return [(row["name"], row["subject"]) for row in rows]


async def an_hour_passes(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        await tx.execute(
            "update mirror_objects set as_of = as_of - %(h)s, as_of_until = as_of_until - %(h)s",
            {"h": timedelta(hours=1)},
        )


async def test_what_no_webhook_told_is_found_mended_and_told(house: House) -> None:
    world = a_company()
    async with reading(world) as reads:
        await mirror.sync(house, reads)
        await an_hour_passes(house)
        world.objects["in_1"] |= {"attempt_count": 1}
        world.objects["in_2"] |= {"status": "paid", "attempt_count": 1}
        world.put({**world.objects["ch_0"], "id": "ch_new", "status": "succeeded"})
        del world.objects["in_0"]
        report = await mirror.sweep(house, reads, at_once=True, pause_s=0)
    invoices = report.kinds["invoice"]
    assert (invoices.missing, invoices.different, invoices.deleted) == (0, 2, 1)
    assert report.kinds["charge"].missing == 1
    assert report.total.mended == 4
    assert set(await told(house)) == {
        ("stripe.charge.succeeded", "ch_new"),
        ("stripe.invoice.deleted", "in_0"),
        ("stripe.invoice.updated", "in_1"),
        ("stripe.invoice.payment_failed", "in_1"),
        ("stripe.invoice.updated", "in_2"),
        ("stripe.invoice.paid", "in_2"),
    }
    async with house.transaction(SYSTEM) as tx:
        gone = await mirror.get(tx, "in_0")
    assert gone
    assert gone.deleted
    assert gone.customer == "cus_0"


async def test_a_mirror_that_is_right_is_left_alone(house: House) -> None:
    world = a_company()
    async with reading(world) as reads:
        await mirror.sync(house, reads)
        await an_hour_passes(house)
        first = await mirror.sweep(house, reads, at_once=True, pause_s=0)
        again = await mirror.sweep(house, reads, at_once=True, pause_s=0)
    assert first.total.mended == again.total.mended == 0
    assert first.total.seen == 3 * 3
    assert await told(house) == []


async def test_a_customer_whose_invoices_were_numbered_on_is_the_same(house: House) -> None:
    world = a_company()
    world.objects["cus_1"]["next_invoice_sequence"] = 1
    async with reading(world) as reads:
        await mirror.sync(house, reads)
        await an_hour_passes(house)
        world.objects["cus_1"] |= {"next_invoice_sequence": 2}
        report = await mirror.sweep(house, reads, at_once=True, pause_s=0)
    assert report.kinds["customer"].mended == 0


async def test_a_webhook_that_is_waiting_is_left_to_tell_it_itself(house: House) -> None:
    world = a_company()
    async with reading(world) as reads:
        await mirror.sync(house, reads)
        await an_hour_passes(house)
        world.objects["in_1"] |= {"attempt_count": 1}
        soon = int(system_now().timestamp()) + 60
        body = event("evt_1", "invoice.payment_failed", world.objects["in_1"], created=soon)
        await mirror.Inbox(house, secrets=[SECRET]).receive(body, sign(body))
        report = await mirror.sweep(house, reads, at_once=True, pause_s=0)
        assert report.total.mended == 0
        assert await mirror.take_batch(house, reads) == 1
    assert await told(house) == [("stripe.invoice.payment_failed", "in_1")]


async def test_a_card_that_was_taken_away_in_silence_is_found_at_its_customer(house: House) -> None:
    world = a_company()
    async with reading(world) as reads:
        await mirror.sync(house, reads)
        await an_hour_passes(house)
        world.objects["pm_0"] |= {"customer": None}
        world.objects["cus_0"]["invoice_settings"] = {"default_payment_method": None}
        await mirror.sweep(house, reads, at_once=True, pause_s=0)
    async with house.transaction(SYSTEM) as tx:
        assert (await mirror.objects_of(tx, "cus_0"))["payment_method"] == []


async def test_a_sweep_that_was_stopped_goes_on_and_is_then_not_due(house: House) -> None:
    world = a_company()
    async with reading(world) as reads:
        world.refuse = lambda path: (401, {}) if path == "/v1/charges" else None
        with pytest.raises(StripeKeyRefused):
            await mirror.sweep(house, reads, pause_s=0)
        assert "invoice" not in await _finished(house)
        async with house.transaction(SYSTEM) as tx:
            await tx.execute("update mirror_sweeps set touched_at = touched_at - interval '1 hour'")
        world.refuse = lambda _path: None
        report = await mirror.sweep(house, reads, pause_s=0)
        assert report.kinds["charge"].missing == 3
        assert "customer" in await _finished(house)
        asked = len(world.requests)
        assert (await mirror.sweep(house, reads, pause_s=0)).kinds == {}
        assert len(world.requests) == asked


async def _finished(house: House) -> set[str]:
    async with house.transaction(SYSTEM) as tx:
        return {one.kind for one in await mirror.last_sweeps(tx) if one.finished_at}


async def test_what_was_over_long_ago_is_stored_but_is_no_news(make_house: MakeHouse) -> None:
    house = await make_house(use_clock=SystemClock())
    world, long_ago = World(), int(system_now().timestamp()) - 100 * 24 * AN_HOUR
    old: dict[str, Any] = {"object": "invoice", "customer": "cus_0", "created": long_ago}
    world.put({**old, "id": "in_paid", "status": "paid", "attempt_count": 1})
    world.put({**old, "id": "in_open", "status": "open", "attempt_count": 1})
    async with reading(world) as reads:
        report = await mirror.sweep(house, reads, at_once=True, pause_s=0)
    assert report.kinds["invoice"].missing == 2
    assert {subject for _, subject in await told(house)} == {"in_open"}


async def test_one_of_a_thousand_that_were_imported_in_one_second_is_found_gone(
    house: House,
) -> None:
    world, created = World(), int(system_now().timestamp()) - 30 * AN_HOUR
    for n in range(700):
        world.put({"id": f"prod_{n:03}", "object": "product", "created": created})
    async with reading(world) as reads:
        await mirror.sync(house, reads)
        await an_hour_passes(house)
        del world.objects["prod_650"]
        report = await mirror.sweep(house, reads, at_once=True, pause_s=0)
    assert report.kinds["product"].deleted == report.total.mended == 1


async def test_a_balance_that_moved_in_silence_is_read_at_its_customer(house: House) -> None:
    world = a_company()
    moved = {"object": "customer_balance_transaction", "customer": "cus_1", "amount": -500}
    path = "/v1/customers/cus_1/balance_transactions"
    world.lists[path] = [{**moved, "id": "cbtxn_1", "created": world.objects["ch_1"]["created"]}]
    async with reading(world) as reads:
        await mirror.sync(house, reads)
        await an_hour_passes(house)
        world.objects["cus_1"]["balance"] = -500
        await mirror.sweep(house, reads, at_once=True, pause_s=0)
    async with house.transaction(SYSTEM) as tx:
        known = await mirror.objects_of(tx, "cus_1")
    assert [one["id"] for one in known["customer_balance_transaction"]] == ["cbtxn_1"]
