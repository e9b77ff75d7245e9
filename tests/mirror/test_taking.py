"""What Stripe tells us ends up in the mirror, once, in whatever order it comes."""

import asyncio
import time
from typing import Any

import psycopg
import pytest
from tests.mirror.world import SECRET, World, event, reading, sign

from prunella import mirror
from prunella.connectors.stripe.pace import Pace
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House

NOON = int(time.time()) - 86_400


def customer(id_: str = "cus_1", **more: Any) -> dict[str, Any]:
    settings = {"default_payment_method": None}
    return {
        "id": id_,
        "object": "customer",
        "created": NOON,
        "name": "Ada",
        "invoice_settings": settings,
        **more,
    }


def invoice(status: str, **more: Any) -> dict[str, Any]:
    base = {"id": "in_1", "object": "invoice", "created": NOON, "customer": "cus_1"}
    return {**base, "status": status, "default_payment_method": None, **more}


async def tell(house: House, *bodies: bytes) -> None:
    inbox = mirror.Inbox(house, secrets=[SECRET])
    for body in bodies:
        await inbox.receive(body, sign(body))


async def known(house: House, name: str) -> mirror.Mirrored:
    async with house.transaction(SYSTEM) as tx:
        found = await mirror.get(tx, name)
    assert found
    return found


async def told(house: House) -> list[tuple[str, str, str | None]]:
    async with house.transaction(SYSTEM) as tx:
        rows = await tx.all("select name, subject, data from events order by seq")
    return [(row["name"], row["subject"], row["data"]["customer"]) for row in rows]


async def set_aside(house: House) -> dict[str, str]:
    async with house.transaction(SYSTEM) as tx:
        return {found.event_id: found.reason for found in await mirror.aside(tx)}


async def test_a_payload_that_is_newer_is_taken_without_asking_stripe(house: House) -> None:
    world = World()
    await tell(house, event("evt_1", "customer.created", customer(), created=NOON))
    async with reading(world) as reads:
        assert await mirror.take_batch(house, reads) == 1
        await tell(
            house, event("evt_2", "customer.updated", customer(name="Grace"), created=NOON + 9)
        )
        assert await mirror.take_batch(house, reads) == 1
        assert await mirror.take_batch(house, reads) == 0
    assert (await known(house, "cus_1")).data["name"] == "Grace"
    assert world.requests == []


async def test_an_older_event_is_told_but_changes_nothing(house: House) -> None:
    world = World()
    world.put(customer())
    async with reading(world) as reads:
        await tell(house, event("evt_2", "invoice.updated", invoice("paid"), created=NOON + 9))
        await mirror.take_batch(house, reads)
        await tell(house, event("evt_1", "invoice.updated", invoice("open"), created=NOON + 5))
        await mirror.take_batch(house, reads)
    assert (await known(house, "in_1")).data["status"] == "paid"
    assert len(await told(house)) == 2


async def test_two_states_in_one_second_are_settled_by_asking_once(house: House) -> None:
    world = World()
    world.put(customer())
    world.put(invoice("paid"))
    await tell(
        house,
        event("evt_1", "invoice.updated", invoice("paid"), created=NOON),
        event("evt_2", "invoice.finalized", invoice("open"), created=NOON),
        event("evt_3", "invoice.created", invoice("draft"), created=NOON),
    )
    async with reading(world) as reads:
        assert await mirror.take_batch(house, reads) == 3
    assert (await known(house, "in_1")).data["status"] == "paid"
    assert world.requests.count("/v1/invoices/in_1") == 1


async def test_a_duplicate_is_stored_and_told_once(house: House) -> None:
    body = event("evt_1", "customer.created", customer(), created=NOON)
    await tell(house, body, body)
    async with reading(World()) as reads:
        assert await mirror.take_batch(house, reads) == 1
        await tell(house, body)
        assert await mirror.take_batch(house, reads) == 0
    assert await told(house) == [("stripe.customer.created", "cus_1", "cus_1")]


async def test_another_api_version_is_read_again_because_its_shape_may_differ(
    house: House,
) -> None:
    world = World()
    world.put(customer(name="of today"))
    odd = {"id": "cus_1", "object": "customer", "full_name": "of yesterday"}
    body = event("evt_1", "customer.updated", odd, created=NOON, version="2019-05-16")
    await tell(house, body)
    async with reading(world) as reads:
        await mirror.take_batch(house, reads)
    assert (await known(house, "cus_1")).data["name"] == "of today"


async def test_a_deleted_customer_is_marked_and_keeps_its_last_face(house: House) -> None:
    async with reading(World()) as reads:
        await tell(house, event("evt_1", "customer.updated", customer(), created=NOON))
        await mirror.take_batch(house, reads)
        await tell(house, event("evt_2", "customer.deleted", customer(), created=NOON + 1))
        await mirror.take_batch(house, reads)
        await tell(house, event("evt_3", "customer.updated", customer(), created=NOON + 1))
        await mirror.take_batch(house, reads)
    found = await known(house, "cus_1")
    assert found.deleted
    assert found.data["name"] == "Ada"
    async with house.transaction(SYSTEM) as tx:
        assert await mirror.customers(tx) == []
        [last] = (await mirror.objects_of(tx, "cus_1"))["customer"]
        assert (last["name"], last["deleted"]) == ("Ada", True)


async def test_a_failed_payment_comes_with_all_that_explains_it(house: House) -> None:
    world = World()
    world.put(customer())
    failed = world.put(invoice("open"))
    intent = {"id": "pi_1", "object": "payment_intent", "customer": "cus_1", "created": NOON}
    world.put({**intent, "latest_charge": "ch_1", "payment_method": "pm_1"})
    world.put({"id": "ch_1", "object": "charge", "customer": "cus_1", "created": NOON})
    world.put({"id": "pm_1", "object": "payment_method", "customer": "cus_1", "created": NOON})
    payment = {"type": "payment_intent", "payment_intent": "pi_1"}
    paying = {"id": "inpay_1", "object": "invoice_payment", "invoice": "in_1", "created": NOON}
    world.put({**paying, "payment": payment, "status": "open"})
    await tell(house, event("evt_1", "invoice.payment_failed", failed, created=NOON))
    async with reading(world) as reads:
        await mirror.take_batch(house, reads)
    async with house.transaction(SYSTEM) as tx:
        found = await mirror.objects_of(tx, "cus_1")
    assert found["invoice_payment"][0]["payment"]["payment_intent"] == "pi_1"
    assert found["payment_intent"][0]["latest_charge"] == "ch_1"
    assert [found[kind][0]["id"] for kind in ("charge", "payment_method")] == ["ch_1", "pm_1"]
    assert world.requests.count("/v1/invoice_payments") == 1


async def test_a_payment_on_its_way_comes_with_the_invoice_that_it_pays(house: House) -> None:
    """No event of the invoice says so, and who is asked for the money meanwhile pays it twice."""
    world = World()
    world.put(customer())
    world.put(invoice("open"))
    shape = {"object": "payment_intent", "customer": "cus_1", "created": NOON}
    slow = world.put({**shape, "id": "pi_1", "status": "processing", "latest_charge": None})
    other = world.put({**shape, "id": "pi_2", "status": "processing", "latest_charge": None})
    payment = {"type": "payment_intent", "payment_intent": "pi_1"}
    paying = {"id": "inpay_1", "object": "invoice_payment", "invoice": "in_1", "created": NOON}
    world.put({**paying, "payment": payment, "status": "open"})
    await tell(
        house,
        event("evt_1", "payment_intent.processing", slow, created=NOON),
        event("evt_2", "payment_intent.processing", other, created=NOON),
    )
    async with reading(world) as reads:
        await mirror.take_batch(house, reads)
    async with house.transaction(SYSTEM) as tx:
        found = await mirror.objects_of(tx, "cus_1")
    assert [payment["id"] for payment in found["invoice_payment"]] == ["inpay_1"]
    assert [bill["id"] for bill in found["invoice"]] == ["in_1"]
    assert len(found["payment_intent"]) == 2


async def test_a_refund_finds_its_customer_through_its_charge(house: House) -> None:
    world = World()
    world.put(customer())
    world.put({"id": "ch_1", "object": "charge", "customer": "cus_1", "created": NOON})
    refund = {"id": "re_1", "object": "refund", "charge": "ch_1", "created": NOON}
    await tell(house, event("evt_1", "refund.created", refund, created=NOON))
    async with reading(world) as reads:
        await mirror.take_batch(house, reads)
    assert (await known(house, "re_1")).customer == "cus_1"
    assert await told(house) == [("stripe.refund.created", "re_1", "cus_1")]


async def test_a_card_that_was_taken_off_is_told_to_whom_it_belonged(house: House) -> None:
    card = {"id": "pm_1", "object": "payment_method", "customer": None, "created": NOON}
    before = {"customer": "cus_1"}
    body = event("evt_1", "payment_method.detached", card, created=NOON, previous_attributes=before)
    await tell(house, body)
    async with reading(World()) as reads:
        await mirror.take_batch(house, reads)
    assert await told(house) == [("stripe.payment_method.detached", "pm_1", "cus_1")]


async def test_a_thin_event_is_kept_in_sight(house: House) -> None:
    thin = b'{"id":"evt_thin","object":"v2.core.event","type":"v1.billing.meter.no_meter_found"}'
    await tell(house, thin)
    assert "thin event" in (await set_aside(house))["evt_thin"]


@pytest.mark.parametrize("body", [b"\xff\xfe", b"[]", b"{}", b"null", b"[" * 100_000, b'{"id":1}'])
async def test_a_signed_body_that_nobody_can_read_is_kept_in_sight(
    house: House, body: bytes
) -> None:
    await tell(house, body)
    [reason] = (await set_aside(house)).values()
    assert "no event that can be read" in reason


async def test_what_cannot_be_handled_holds_up_nothing_else(house: House) -> None:
    """A NUL cannot be stored as JSON in Postgres; a kind from the future cannot be understood."""
    nul = customer("cus_nul", name="A\0B")
    future = {"id": "x_1", "object": "hologram"}
    await tell(
        house,
        event("evt_nul", "customer.updated", nul, created=NOON),
        event("evt_new", "hologram.created", future, created=NOON),
        event("evt_odd", "payout.paid", {"id": "po_1", "object": "payout"}, created=NOON),
        *(
            event(f"evt_{n}", "customer.created", customer(f"cus_{n}"), created=NOON)
            for n in range(20)
        ),
    )
    async with reading(World()) as reads:
        await mirror.take_batch(house, reads)
        assert len(await told(house)) == 20
        for _ in range(4):
            await let_time_pass(house)
            await mirror.take_batch(house, reads)
        assert await mirror.take_batch(house, reads) == 0
    reasons = await set_aside(house)
    assert set(reasons) == {"evt_nul", "evt_new"}
    assert "hologram" in reasons["evt_new"]


async def test_what_was_put_aside_can_be_put_back(house: House) -> None:
    await tell(house, event("evt_1", "x.created", {"id": "x", "object": "hologram"}, created=NOON))
    async with reading(World()) as reads:
        await mirror.take_batch(house, reads)
        async with house.transaction(SYSTEM) as tx:
            assert await mirror.put_back(tx, "evt_1")
            assert not await mirror.put_back(tx, "evt_2")
        assert await mirror.take_batch(house, reads) == 1


async def test_with_stripe_away_events_wait_and_nothing_is_held_against_them(
    house: House,
) -> None:
    world = World(refuse=lambda _path: (503, {}))
    world.put(customer())
    world.put(invoice("paid"))
    await tell(
        house,
        event("evt_1", "invoice.updated", invoice("open"), created=NOON, version="2019-05-16"),
        event("evt_2", "customer.created", customer("cus_2"), created=NOON),
    )
    async with reading(world, pace=_hurried()) as reads:
        for _ in range(7):
            await mirror.take_batch(house, reads)
            await let_time_pass(house)
        assert [subject for _, subject, _ in await told(house)] == ["cus_2"]
        async with house.transaction(SYSTEM) as tx:
            status = await mirror.status(tx)
        assert (status.reachable, status.waiting, status.aside) == (False, 1, 0)
        world.refuse = lambda _path: None
        await mirror.take_batch(house, reads)
    assert (await known(house, "in_1")).data["status"] == "paid"


async def test_two_workers_and_a_crash_between_them_tell_each_event_once(
    house: House,
) -> None:
    for n in range(300):
        await tell(
            house,
            event(
                f"evt_{n}",
                "customer.updated",
                customer(f"cus_{n % 7}", name=str(n)),
                created=NOON + n,
            ),
        )
    async with reading(World()) as reads:
        crashing = asyncio.create_task(mirror.take_batch(house, reads, most=100))
        await asyncio.sleep(0.01)
        crashing.cancel()
        await asyncio.gather(crashing, return_exceptions=True)
        await let_time_pass(house)
        while any(
            await asyncio.gather(*(mirror.take_batch(house, reads, most=20) for _ in range(4)))
        ):
            pass
    assert len(await told(house)) == 300
    names = [(await known(house, f"cus_{n}")).data["name"] for n in range(7)]
    assert sorted(int(name) for name in names) == list(range(293, 300))


async def test_the_database_away_is_an_error_that_stripe_answers_by_sending_again(
    house: House, database_url: str
) -> None:
    inbox = mirror.Inbox(house, secrets=[SECRET])
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as conn:
        await conn.execute("alter table stripe_inbox rename to elsewhere")
        body = event("evt_1", "customer.created", customer(), created=NOON)
        with pytest.raises(mirror.InboxUnavailableError):
            await inbox.receive(body, sign(body))
        await conn.execute("alter table elsewhere rename to stripe_inbox")
    assert await inbox.receive(body, sign(body)) == "evt_1"


async def let_time_pass(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        await tx.execute("update stripe_inbox set not_before = not_before - interval '1 day'")


def _hurried() -> Pace:
    async def at_once(_seconds: float) -> None:
        await asyncio.sleep(0)

    now = iter(range(0, 10_000_000, 100))
    return Pace(1000.0, monotonic=lambda: float(next(now)), sleep=at_once)
