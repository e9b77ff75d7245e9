"""What a worker does for the mirror now and then."""

import json
import time

from tests.mirror.world import SECRET, World, event, reading, sign

from prunella import mirror
from prunella.connectors.stripe.pace import Pace
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House
from prunella_sandbox.shapes import check_request

NOW = int(time.time()) - 90_000


def an_event(n: int) -> bytes:
    data = {"id": f"ch_{n}", "object": "charge", "created": NOW + n, "status": "failed"}
    return event(f"evt_{n:03}", "charge.failed", data, created=NOW + n)


async def test_events_that_no_webhook_brought_are_fetched_and_told_once(house: House) -> None:
    world = World()
    for n in range(250):
        world.put(json.loads(an_event(n)))
    inbox = mirror.Inbox(house, secrets=[SECRET])
    async with reading(world) as reads:
        assert await mirror.catch_up(house, reads) == 0
        await inbox.receive(an_event(100), sign(an_event(100)))
        await mirror.take_batch(house, reads)
        assert await mirror.catch_up(house, reads) == 250
        while await mirror.take_batch(house, reads):
            pass
        assert await mirror.catch_up(house, reads) == 250
        assert await mirror.take_batch(house, reads) == 0
    async with house.transaction(SYSTEM) as tx:
        told = await tx.all("select subject from events")
    assert len(told) == 250


async def test_whether_stripe_answers_is_known_without_any_event(house: House) -> None:
    world = World()

    async def at_once(_seconds: float) -> None:
        return

    now = iter(range(0, 1_000_000, 100))
    pace = Pace(10.0, monotonic=lambda: float(next(now)), sleep=at_once)
    async with reading(world, pace=pace) as reads:
        assert await mirror.probe(house, reads)
        world.refuse = lambda _path: (500, {})
        assert not await mirror.probe(house, reads)


async def test_what_was_done_long_ago_is_forgotten(house: House) -> None:
    inbox = mirror.Inbox(house, secrets=[SECRET])
    async with reading(World()) as reads:
        for n in range(2):
            await inbox.receive(an_event(n), sign(an_event(n)))
        await mirror.take_batch(house, reads, most=1)
    async with house.transaction(SYSTEM) as tx:
        await tx.execute("update stripe_inbox set received_at = received_at - interval '31 days'")
    assert await mirror.forget_done(house) == 1


def test_the_list_of_events_is_asked_for_as_the_sdk_knows_it() -> None:
    params = {"limit": "100", "created": {"gte": "1"}, "starting_after": "evt_1"}
    assert check_request("get", "/v1/events", params) == []
