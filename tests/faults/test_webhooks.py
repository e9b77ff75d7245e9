"""Webhooks on bad days: shuffled, forged, rate-limited, poisoned.

Small numbers by default; PRUNELLA_FAULTS=full runs the full ones, PRUNELLA_SEED replays one.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.faults.history import Change, History, happen
from tests.faults.seeds import FULL
from tests.mirror.world import SECRET, World, event, reading, sign

from prunella import mirror
from prunella.connectors.stripe.pace import Pace
from prunella.connectors.stripe.reads import Reads
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House
from prunella.mirror.taking.take import BATCH

pytestmark = pytest.mark.faults

OTHER_SECRET = "whsec_of_somebody_else"


async def test_shuffled_and_repeated_webhooks_end_where_the_ordered_ones_do(
    house: House, seed: int
) -> None:
    """Line 4."""
    count = 10_000 if FULL else 600
    changes = list(History(seed).changes(count))
    ordered = await _run_in_order(house, changes)
    await _forget_everything(house)
    shuffled = await _run_shuffled(house, changes, random.Random(seed))  # noqa: S311 draws a story, hides nothing
    assert shuffled == ordered
    assert await _told(house) == count
    present = {change.name: change.data for change in changes if change.data}
    for name, state in shuffled.items():
        if not state["deleted"]:
            assert state["data"] == present[name]


async def _run_in_order(house: House, changes: list[Change]) -> dict[str, Any]:
    world = World()
    inbox = mirror.Inbox(house, secrets=[SECRET])
    async with reading(world) as reads:
        for n, change in enumerate(changes):
            happen(world, change)
            await inbox.receive(change.body, sign(change.body))
            if n % 10 == 0:
                await _drain(house, reads)
        await _drain(house, reads)
    return await _state(house)


async def _run_shuffled(house: House, changes: list[Change], rng: random.Random) -> dict[str, Any]:
    world = World()
    for change in changes:
        happen(world, change)
    deliveries = [change.body for change in changes] * 3
    rng.shuffle(deliveries)
    inbox = mirror.Inbox(house, secrets=[SECRET])
    async with reading(world) as reads:
        for start in range(0, len(deliveries), 96):
            some = deliveries[start : start + 96]
            await asyncio.gather(
                *(inbox.receive(body, sign(body)) for body in some),
                mirror.take_batch(house, reads, most=rng.randint(1, 60)),
                mirror.take_batch(house, reads, most=rng.randint(1, 60)),
            )
        await _drain(house, reads)
    return await _state(house)


async def test_no_forged_webhook_is_accepted(house: House, seed: int) -> None:
    """Line 5."""
    inbox = mirror.Inbox(house, secrets=[SECRET, "whsec_the_one_before"])
    rng = random.Random(seed)  # noqa: S311 draws a story, hides nothing
    forgers = [_other_body, _other_time, _other_secret, _replayed, _other_scheme, _damaged]
    accepted = 0
    for n in range(10_000 if FULL else 600):
        body = event(f"evt_{n}", "charge.updated", {"id": "ch_1", "object": "charge"}, created=n)
        body, header = forgers[n % len(forgers)](body, rng)
        try:
            await inbox.receive(body, header)
        except mirror.BadSignatureError:
            continue
        accepted += 1
    assert accepted == 0
    async with house.transaction(SYSTEM) as tx:
        assert await tx.all("select event_id from stripe_inbox") == []


def _other_body(body: bytes, rng: random.Random) -> tuple[bytes, str]:
    header, place = sign(body), rng.randrange(len(body))
    return body[:place] + bytes([body[place] ^ (1 << rng.randrange(8))]) + body[place + 1 :], header


def _other_time(body: bytes, rng: random.Random) -> tuple[bytes, str]:
    """An old signature under a new time."""
    _, _, rest = sign(body, at=time.time() - rng.randint(301, 9_999)).partition(",")
    return body, f"t={int(time.time())},{rest}"


def _other_secret(body: bytes, rng: random.Random) -> tuple[bytes, str]:
    return body, sign(body, secret=rng.choice((OTHER_SECRET, "", SECRET[:-1], SECRET.upper())))


def _replayed(body: bytes, rng: random.Random) -> tuple[bytes, str]:
    return body, sign(body, at=time.time() - rng.randint(302, 999_999))


def _other_scheme(body: bytes, rng: random.Random) -> tuple[bytes, str]:
    return body, sign(body).replace("v1=", rng.choice(("v0=", "v2=", "V1=", "", "v1 =")))


def _damaged(body: bytes, rng: random.Random) -> tuple[bytes, str]:
    good = sign(body)
    bad = (good[: rng.randrange(len(good))], "", "t=,v1=", "t=1e9,v1=00", f"{good},t=1", "é=1,")
    return body, rng.choice(bad)


@dataclass
class FakeTime:
    """Ten minutes pass as fast as they are slept through."""

    now: float = 0.0
    asked_at: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


async def test_ten_minutes_of_429_lose_nothing_and_are_not_answered_with_a_storm(
    house: House,
) -> None:
    """Line 6."""
    fake, count, per_s = FakeTime(), 2_000 if FULL else 150, 20.0
    world = World()

    def refuse(_path: str) -> tuple[int, dict[str, str]] | None:
        fake.asked_at.append(fake.now)
        return (429, {"retry-after": "2"}) if fake.now < 600 else None

    world.refuse = refuse
    inbox = mirror.Inbox(house, secrets=[SECRET])
    for n in range(count):
        data = world.put({"id": f"ch_{n}", "object": "charge", "created": 1, "status": "paid"})
        body = event(f"evt_{n}", "charge.updated", data, created=n, version="2019-05-16")
        await inbox.receive(body, sign(body))
    pace = Pace(per_s, monotonic=lambda: fake.now, sleep=fake.sleep)
    async with reading(world, pace=pace) as reads:
        for _ in range(10_000):
            if not await mirror.take_batch(house, reads):
                fake.now += 1
                await _let_leases_pass(house)
            if await _told(house) == count:
                break
    assert await _told(house) == count
    assert len(await _state(house)) == count
    assert await _aside(house) == {}
    in_each_second = Counter(int(at) for at in fake.asked_at)
    assert max(in_each_second.values()) <= per_s + per_s / 5 + 1
    assert sum(at < 600 for at in fake.asked_at) < 600 * per_s / 10


async def test_poison_is_put_aside_in_sight_and_holds_up_nothing(house: House, seed: int) -> None:
    """Line 15. The lag is counted in batches: the good ones take no more than they would alone."""
    count = 10_000 if FULL else 1_000
    rng, inbox = random.Random(seed), mirror.Inbox(house, secrets=[SECRET])  # noqa: S311 draws a story, hides nothing
    bad = set(rng.sample(range(count), count // 100))
    poison = _poisons(rng)
    names = set()
    for start in range(0, count, 100):
        bodies = [next(poison)(n) if n in bad else _good(n) for n in range(start, start + 100)]
        received = await asyncio.gather(*(inbox.receive(body, sign(body)) for body in bodies))
        names |= {name for n, name in enumerate(received, start) if n in bad}
    world = World(refuse=lambda path: (400, {}) if "refused" in path else None)
    async with reading(world) as reads:
        batches = 0
        while await _told(house) < count - len(bad):
            assert await mirror.take_batch(house, reads) > 0
            batches += 1
        assert batches <= -(-count // BATCH)
        for _ in range(8):
            await _let_leases_pass(house)
            await _drain(house, reads)
    assert set(await _aside(house)) == names
    assert all(await _aside_reasons(house))


def _good(n: int) -> bytes:
    data = {"id": f"ch_{n}", "object": "charge", "created": n, "status": "succeeded"}
    return event(f"evt_{n}", "charge.succeeded", data, created=n)


def _poisons(rng: random.Random) -> Iterator[Any]:
    kinds = [
        lambda n: event(f"evt_{n}", "x.y", {"id": f"x_{n}", "object": "hologram"}, created=n),
        lambda n: _charge(n, description="a NUL \0 inside"),
        lambda n: _charge(n, description="half a pair \ud800"),
        lambda n: _charge(n, amount=float("nan")),
        lambda n: _charge(n).replace(b'"data": {', b'"data": [], "date": {'),
        lambda n: _charge(n, version="2019-05-16", name=f"ch_refused_{n}"),
        lambda n: b"\xff\xfe" + rng.randbytes(20) + b"%d" % n,
        lambda n: b"[" * (5_000 + n),
        lambda n: json.dumps(
            {"id": f"evt_{n}", "object": "v2.core.event", "type": "v2.x"}
        ).encode(),
    ]
    while True:
        yield rng.choice(kinds)


def _charge(n: int, version: str | None = None, name: str | None = None, **more: Any) -> bytes:
    data = {"id": name or f"ch_{n}", "object": "charge", "created": n, **more}
    how = {"version": version} if version else {}
    return event(f"evt_{n}", "charge.updated", data, created=n, **how)


async def _drain(house: House, reads: Reads) -> None:
    while await mirror.take_batch(house, reads):
        pass


async def _told(house: House) -> int:
    async with house.transaction(SYSTEM) as tx:
        row = await tx.one("select count(*), count(distinct data ->> 'event') as once from events")
    assert row
    assert row["count"] == row["once"]
    return int(row["count"])


async def _aside(house: House) -> dict[str, str]:
    async with house.transaction(SYSTEM) as tx:
        return {found.event_id: found.reason for found in await mirror.aside(tx, 1_000)}


async def _aside_reasons(house: House) -> list[str]:
    return list((await _aside(house)).values())


async def _state(house: House) -> dict[str, Any]:
    """Everything that may be told of an object; of a deleted one only that it is."""
    sql = """
    select id, kind, customer, deleted, case when not deleted then status end as status,
           case when not deleted then data end as data
    from mirror_objects
    """
    async with house.transaction(SYSTEM) as tx:
        return {row["id"]: row for row in await tx.all(sql)}


async def _forget_everything(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        await tx.execute("truncate stripe_inbox, mirror_objects, events, deliveries")


async def _let_leases_pass(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        await tx.execute("update stripe_inbox set not_before = not_before - interval '1 day'")
