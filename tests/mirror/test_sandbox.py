"""The mirror against a whole company's life in the sandbox: two ways to the same state."""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from tests.mirror.world import SECRET, served, sign

from prunella import mirror
from prunella.connectors.stripe.client import build_client, close_client
from prunella.connectors.stripe.clock import SandboxClock
from prunella.connectors.stripe.pace import Pace
from prunella.connectors.stripe.reads import Reads
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House
from prunella_sandbox.clock import Clock
from prunella_sandbox.company import populate
from prunella_sandbox.mailbox import Mailbox
from prunella_sandbox.outside import create_outside
from prunella_sandbox.world import World

CUSTOMERS = 12


@pytest.fixture
async def reads() -> AsyncIterator[Reads]:
    """Read from a sandbox in which a small company has lived for two months, and time now stands.

    Else something falls due, on a slow machine, between the looks that are compared.
    """
    world = World(seed=7, clock=Clock(system=partial(float, time.time())))
    app = create_outside(world, Mailbox(), is_checked=True)
    async with served(app) as url:
        await asyncio.to_thread(populate, url, customers=CUSTOMERS, until=timedelta(days=57))
        clock = SandboxClock(url)
        await clock.refresh()
        client = build_client("sk_test_sandbox", api_base=url, max_network_retries=0)
        yield Reads(client, pace=Pace(1000.0), clock=clock)
        await close_client(client)


async def state(house: House) -> dict[str, Any]:
    async with house.transaction(SYSTEM) as tx:
        rows = await tx.all("select id, customer, data from mirror_objects where not deleted")
    return {row["id"]: row for row in rows}


async def test_webhooks_in_any_order_and_a_sync_end_at_the_same_state(
    house: House, reads: Reads
) -> None:
    told = [item async for page in reads.events() for item in page.data["data"]]
    bodies = [json.dumps(item).encode() for item in told] * 2
    random.Random(11).shuffle(bodies)  # noqa: S311 draws an order, hides nothing
    inbox = mirror.Inbox(house, secrets=[SECRET])
    for body in bodies:
        await inbox.receive(body, sign(body))
    while await mirror.take_batch(house, reads):
        pass
    from_webhooks = await state(house)
    async with house.transaction(SYSTEM) as tx:
        assert await mirror.aside(tx) == []
        await tx.execute("truncate mirror_objects, mirror_sync")
    assert (await mirror.sync(house, reads)).finished
    synced = await state(house)
    lacking = {name for name in synced if name not in from_webhooks}
    assert lacking == set()
    different = [n for n in synced if synced[n]["customer"] != from_webhooks[n]["customer"]]
    assert different == []
    statuses = [
        (n, from_webhooks[n]["data"].get("status"), synced[n]["data"].get("status"))
        for n in synced
        if from_webhooks[n]["data"].get("status") != synced[n]["data"].get("status")
    ]
    assert statuses == []


async def test_each_customer_can_be_read_afresh(house: House, reads: Reads) -> None:
    await mirror.sync(house, reads)
    async with house.transaction(SYSTEM) as tx:
        everyone = await mirror.customers(tx)
        before = {c.id: await mirror.objects_of(tx, c.id) for c in everyone}
    assert len(everyone) == CUSTOMERS
    for customer in everyone:
        await mirror.refresh_customer(house, reads, customer.id)
        async with house.transaction(SYSTEM) as tx:
            after = await mirror.objects_of(tx, customer.id)
        for kind in ("subscription", "invoice", "invoice_payment", "payment_intent", "charge"):
            assert _ids(after[kind]) == _ids(before[customer.id][kind])


def _ids(objects: list[dict[str, Any]]) -> set[str]:
    return {item["id"] for item in objects}
