"""The door for webhooks: what is let in, and what was let in is stored."""

import asyncio
import time

import pytest
from tests.mirror.world import SECRET, event, sign

from prunella import mirror
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House
from prunella.mirror.inbox.receive import MAX_BODY_BYTES

BEFORE = "whsec_before_rotation"
BODY = event("evt_1", "charge.updated", {"id": "ch_1", "object": "charge"}, created=1)


async def stored(house: House) -> int:
    async with house.transaction(SYSTEM) as tx:
        row = await tx.one("select count(*) from stripe_inbox")
    assert row
    return int(row["count"])


async def test_while_secrets_are_rotated_both_are_good(house: House) -> None:
    inbox = mirror.Inbox(house, secrets=[SECRET, BEFORE])
    assert await inbox.receive(BODY, sign(BODY)) == "evt_1"
    assert await inbox.receive(BODY, sign(BODY, secret=BEFORE)) == "evt_1"
    at, _, good = sign(BODY).partition(",")
    assert await inbox.receive(BODY, f"{at},v1={'00' * 32},{good},v0=abc") == "evt_1"
    assert await stored(house) == 1


async def test_without_a_secret_nothing_is_let_in(house: House) -> None:
    inbox = mirror.Inbox(house, secrets=[])
    for header in (sign(BODY), sign(BODY, secret=""), None):
        with pytest.raises(mirror.BadSignatureError):
            await inbox.receive(BODY, header)


async def test_a_signature_holds_for_five_minutes_of_system_time(house: House) -> None:
    inbox = mirror.Inbox(house, secrets=[SECRET])
    await inbox.receive(BODY, sign(BODY, at=time.time() - 290))
    with pytest.raises(mirror.BadSignatureError):
        await inbox.receive(BODY, sign(BODY, at=time.time() - 302))


async def test_a_body_larger_than_any_event_is_refused_before_it_is_looked_at(
    house: House,
) -> None:
    inbox = mirror.Inbox(house, secrets=[SECRET])
    body = b" " * (MAX_BODY_BYTES + 1)
    with pytest.raises(mirror.BodyTooLargeError):
        await inbox.receive(body, sign(body))


async def test_crowds_that_come_in_waves_are_all_answered_and_stored(house: House) -> None:
    """Each wave meets the inbox in another state: idle, storing, just done."""
    inbox = mirror.Inbox(house, secrets=[SECRET])

    async def one(n: int) -> None:
        body = event(f"evt_{n}", "charge.updated", {"id": "ch", "object": "charge"}, created=n)
        for _ in range(n % 7):
            await asyncio.sleep(0)
        await inbox.receive(body, sign(body))

    async def lane(first: int) -> None:
        for n in range(first, 1_000, 32):
            await one(n)

    async with asyncio.timeout(120):
        await asyncio.gather(*(lane(n) for n in range(32)))
    assert await stored(house) == 1_000


async def test_a_caller_that_goes_away_does_not_take_the_others_along(house: House) -> None:
    inbox = mirror.Inbox(house, secrets=[SECRET])
    bodies = [event(f"evt_{n}", "x.y", {"id": "x", "object": "y"}, created=n) for n in range(5)]
    calls = [asyncio.create_task(inbox.receive(body, sign(body))) for body in bodies]
    await asyncio.sleep(0)
    calls[0].cancel()
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert results[1:] == ["evt_1", "evt_2", "evt_3", "evt_4"]
    assert await stored(house) == 5
