"""Dates of bills: leap days, ends of months, days when clocks change, and clocks that disagree."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.conftest import TestClock
from tests.diagnostics.stripe_json import (
    CUSTOMER,
    card,
    charge,
    customer,
    intent,
    invoice,
    invoice_payment,
    seconds,
    subscription,
)
from tests.diagnostics.stripe_json import words as catalogue
from tests.mirror.world import SECRET, World, event, reading, sign

from prunella import mirror, people
from prunella.diagnostics import Diagnostics, gather
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House
from prunella.mirror.objects.seen import unfold
from prunella.mirror.objects.store import put_newer

CHICAGO, BERLIN, AUCKLAND = "America/Chicago", "Europe/Berlin", "Pacific/Auckland"
LORD_HOWE, KATHMANDU, KIRITIMATI = "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Kiritimati"

# When Stripe tries again, in UTC, and what the customer reads.
DATES = [
    ("2028-02-29T15:00", CHICAGO, "Tuesday 29 February, 9:00"),
    ("2028-02-29T23:30", BERLIN, "Wednesday 1 March, 0:30"),
    ("2028-03-01T05:59", CHICAGO, "Tuesday 29 February, 23:59"),
    ("2028-03-01T06:00", CHICAGO, "Wednesday 1 March, 0:00"),
    ("2026-03-01T05:59", CHICAGO, "Saturday 28 February, 23:59"),
    ("2026-03-31T11:30", AUCKLAND, "Wednesday 1 April, 0:30"),
    ("2026-03-31T18:14", KATHMANDU, "Tuesday 31 March, 23:59"),
    ("2026-03-31T18:15", KATHMANDU, "Wednesday 1 April, 0:00"),
    ("2026-04-30T09:59", KIRITIMATI, "Thursday 30 April, 23:59"),
    ("2026-04-30T10:00", KIRITIMATI, "Friday 1 May, 0:00"),
    # Clocks go forward: an hour is not there.
    ("2026-03-08T07:59", CHICAGO, "Sunday 8 March, 1:59"),
    ("2026-03-08T08:00", CHICAGO, "Sunday 8 March, 3:00"),
    ("2026-03-29T00:59", BERLIN, "Sunday 29 March, 1:59"),
    ("2026-03-29T01:00", BERLIN, "Sunday 29 March, 3:00"),
    # Clocks go back: an hour is there twice; on Lord Howe half of one.
    ("2026-10-25T00:30", BERLIN, "Sunday 25 October, 2:30"),
    ("2026-10-25T01:30", BERLIN, "Sunday 25 October, 2:30"),
    ("2026-11-01T06:30", CHICAGO, "Sunday 1 November, 1:30"),
    ("2026-11-01T07:30", CHICAGO, "Sunday 1 November, 1:30"),
    ("2026-04-04T14:59", LORD_HOWE, "Sunday 5 April, 1:59"),
    ("2026-04-04T15:00", LORD_HOWE, "Sunday 5 April, 1:30"),
]


async def store(house: House, *objects: dict[str, Any], at: datetime) -> None:
    seen = [one for data in objects for one in unfold(data, since=at, until=at)]
    async with house.transaction(SYSTEM) as tx:
        await put_newer(tx, seen)


@pytest.mark.parametrize(("at", "zone", "told"), DATES)
async def test_the_next_try_is_told_in_the_customers_own_time(
    house: House, clock: TestClock, at: str, zone: str, told: str
) -> None:
    tries = datetime.fromisoformat(at).replace(tzinfo=UTC)
    clock.time = tries - timedelta(days=1)
    objects = (
        customer(metadata={"time_zone": zone}),
        card(),
        subscription("past_due"),
        invoice(next_payment_attempt=seconds(tries)),
        invoice_payment(),
        intent(),
        charge(created=seconds(clock.time - timedelta(hours=2))),
    )
    await store(house, *objects, at=clock.time)
    async with house.transaction(SYSTEM) as tx:
        found = await people.find_customer(tx, CUSTOMER)
        assert found
        assert found.time_zone == zone
        diagnosis = await Diagnostics(catalogue()).of(tx, found)
    said = " ".join(str(finding) for finding in diagnosis.findings)
    assert told.partition(", ")[0] in said
    hour = catalogue().in_zone(zone).day_and_time(tries, now=clock.time)
    assert hour == told


PERIODS = [
    ("2028-01-31T00:00", "2028-02-29T00:00"),
    ("2028-02-29T23:59", "2028-03-29T23:59"),
    ("2026-01-31T12:00", "2026-02-28T12:00"),
    ("2026-03-08T07:30", "2026-04-08T07:30"),
    ("2026-10-25T00:30", "2026-11-25T00:30"),
]


@pytest.mark.parametrize(("begins", "ends"), PERIODS)
@pytest.mark.parametrize("zone", [CHICAGO, BERLIN, LORD_HOWE, KIRITIMATI])
async def test_a_period_is_the_one_that_stripe_says_whatever_the_zone(
    house: House, clock: TestClock, begins: str, ends: str, zone: str
) -> None:
    first, last = (datetime.fromisoformat(at).replace(tzinfo=UTC) for at in (begins, ends))
    clock.time = first + timedelta(days=1)
    plan = subscription()
    plan["items"]["data"][0] |= {
        "current_period_start": seconds(first),
        "current_period_end": seconds(last),
    }
    await store(house, customer(metadata={"time_zone": zone}), plan, at=clock.time)
    async with house.transaction(SYSTEM) as tx:
        found = await people.find_customer(tx, CUSTOMER)
        assert found
        [known] = (await gather(tx, found)).subscriptions
    assert known.current_period_end == last


@pytest.mark.parametrize("skew_s", [-600, 0, 600])
async def test_a_clock_ten_minutes_off_makes_nothing_old_look_new(
    house: House, skew_s: int
) -> None:
    """Stripe's clock and ours disagree: what is newer is judged by Stripe's alone."""
    theirs = int(time.time()) + skew_s
    world = World(time=theirs)
    world.put({"id": "cus_1", "object": "customer", "created": theirs - 9_000})
    bill = {"id": "in_1", "object": "invoice", "customer": "cus_1", "created": theirs - 9_000}
    now = world.put({**bill, "status": "paid"})
    inbox = mirror.Inbox(house, secrets=[SECRET])
    async with reading(world) as reads:
        await mirror.sync(house, reads)
        late = event("evt_old", "invoice.updated", {**bill, "status": "open"}, created=theirs - 60)
        await inbox.receive(late, sign(late))
        await mirror.take_batch(house, reads)
        assert await _status(house) == "paid"
        world.put({**now, "status": "uncollectible"})
        world.time = theirs + 10
        news = event("evt_new", "invoice.updated", world.objects["in_1"], created=theirs + 8)
        await inbox.receive(news, sign(news))
        await mirror.take_batch(house, reads)
        assert await _status(house) == "uncollectible"
        world.time = theirs + 60
        report = await mirror.sweep(house, reads, at_once=True, pause_s=0)
    assert report.total.mended == 0


async def _status(house: House) -> str:
    async with house.transaction(SYSTEM) as tx:
        found = await mirror.get(tx, "in_1")
    assert found
    return str(found.data["status"])
