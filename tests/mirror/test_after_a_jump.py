"""The sandbox's time is moved: what happens after the jump is not dated before it."""

import json
from datetime import timedelta

import httpx
import stripe
from tests.conftest import MakeHouse
from tests.mirror.world import SECRET, served, sign

from prunella import mirror
from prunella.connectors.stripe.client import build_client, close_client
from prunella.connectors.stripe.clock import SandboxClock
from prunella.connectors.stripe.pace import Pace
from prunella.connectors.stripe.reads import Reads
from prunella.kit.actor import SYSTEM
from prunella_sandbox.mailbox import Mailbox
from prunella_sandbox.outside import create_outside
from prunella_sandbox.world import World

A_MONTH = timedelta(days=31)


async def told_after_a_jump(url: str, client: stripe.StripeClient) -> bytes:
    """Move the sandbox's time, let something happen there; returns the webhook's body."""
    async with httpx.AsyncClient(base_url=url, timeout=120) as sandbox:
        seconds = {"advance_seconds": int(A_MONTH.total_seconds())}
        await sandbox.post("/_sandbox/clock", json=seconds)
    await client.v1.customers.create_async({"name": "Northbeck"})
    event = (await client.v1.events.list_async({"limit": 1})).data[0]
    return json.dumps(event.to_dict()).encode()


async def test_what_happens_after_a_jump_is_dated_after_it(make_house: MakeHouse) -> None:
    async with served(create_outside(World(seed=3), Mailbox(), is_checked=True)) as url:
        clock = SandboxClock(url)
        await clock.refresh()
        before = clock.now()
        house = await make_house(use_clock=clock)
        client = build_client("sk_test_sandbox", api_base=url, max_network_retries=0)
        body = await told_after_a_jump(url, client)
        await mirror.Inbox(house, secrets=[SECRET]).receive(body, sign(body))
        await mirror.take_batch(house, Reads(client, pace=Pace(1000.0), clock=clock))
        await close_client(client)
    async with house.transaction(SYSTEM) as tx:
        dated = await tx.all("select at from events where name = 'stripe.customer.created'")
    assert [one["at"] > before + A_MONTH for one in dated] == [True]
