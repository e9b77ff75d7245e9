"""Our copy of what the company's own system lets customers use: asked in the background, kept."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.conftest import MakeHouse, TestClock
from tests.people.test_customers import mirrored
from tests.people.test_plan_paid_for import pays

from prunella import mirror
from prunella.connectors.subscriptions import MemorySource, Mirrored, SubscriptionsAway, Usable
from prunella.kit import timers
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import system_now
from prunella.kit.events import Event
from prunella.kit.house import House
from prunella.mirror.entitlements import store
from prunella.mirror.entitlements.reading import READ, Readings

ON = Usable(plan="starter", active=True, quantity=1)
OFF = Usable(plan=None, active=False)
CHANGED = "stripe.customer.subscription.updated"


@pytest.fixture
async def house(make_house: MakeHouse) -> House:
    async def nothing(**_args: Any) -> None:
        """The job is looked at, not run."""

    return await make_house(jobs={READ: nothing}, handlers={READ: mirror.on_due})


@pytest.fixture
async def readings(house: House) -> Readings:
    """One customer with a plan, and a system that knows them."""
    source = MemorySource(held={"cus_1": ON})
    async with house.transaction(SYSTEM) as tx:
        await mirrored(tx)
        await pays(tx, "starter_usd")
        await mirror.set_source(tx, source)
    return Readings(house, source)


def system_of(readings: Readings) -> MemorySource:
    assert isinstance(readings.source, MemorySource)
    return readings.source


async def kept(house: House, customer: str = "cus_1") -> mirror.Entitlement:
    async with house.transaction(SYSTEM) as tx:
        found = await mirror.entitlement_of(tx, customer)
    assert found is not None
    return found


async def armed(house: House) -> list[str]:
    async with house.transaction(SYSTEM) as tx:
        return [row["subject"] for row in await tx.all("select subject from timers")]


async def hears(house: House, name: str, customer: str = "cus_1") -> None:
    async with house.transaction(SYSTEM) as tx:
        await mirror.on_plan_changed(tx, Event(name, "sub_1", data={"customer": customer}))


async def test_an_answer_is_kept_with_its_time(readings: Readings, clock: TestClock) -> None:
    assert (await kept(readings.house)).as_of is None, "nobody asked yet"
    assert await readings.read("cus_1") == ON
    found = await kept(readings.house)
    assert (found.usable, found.as_of, found.failed) == (ON, clock.now(), False)


async def test_silence_is_kept_as_silence_and_the_last_answer_with_it(
    readings: Readings, clock: TestClock
) -> None:
    await readings.read("cus_1")
    before = clock.now()
    clock.advance(hours=1)
    system_of(readings).away = True
    assert await readings.read("cus_1") is None
    found = await kept(readings.house)
    assert (found.usable, found.as_of, found.failed) == (ON, before, True)
    with pytest.raises(SubscriptionsAway):
        await readings.look("cus_1")
    system_of(readings).away = False
    await readings.read("cus_1")
    assert not (await kept(readings.house)).failed


async def test_whom_nobody_there_knows_has_no_answer(readings: Readings) -> None:
    system_of(readings).held.clear()
    await readings.read("cus_1")
    found = await kept(readings.house)
    assert found.usable is None
    assert found.as_of is not None


async def test_an_answer_that_comes_late_covers_no_newer_one(readings: Readings) -> None:
    now = system_now()
    async with readings.house.transaction(SYSTEM) as tx:
        await store.put(tx, "cus_1", ON, standing="s", asked_at=now)
        await store.put(tx, "cus_1", OFF, standing="s", asked_at=now - timedelta(seconds=1))
        await store.put_failed(tx, "cus_1", asked_at=now - timedelta(seconds=1))
    found = await kept(readings.house)
    assert (found.usable, found.failed) == (ON, False)


async def test_everyone_is_asked_once_an_hour_and_a_page_at_a_time(
    readings: Readings,
) -> None:
    readings = replace(readings, page=2)
    names = ["cus_1", "cus_2", "cus_3"]
    async with readings.house.transaction(SYSTEM) as tx:
        for name in names[1:]:
            await mirrored(tx, id=name)
    system_of(readings).held |= dict.fromkeys(names, ON)
    assert [await readings.walk() for _ in range(4)] == [2, 1, 0, 0]
    assert {(await kept(readings.house, name)).usable for name in names} == {ON}
    async with readings.house.transaction(SYSTEM) as tx:
        await tx.execute("update entitlements set asked_at = asked_at - interval '61 min'")
    assert [await readings.walk() for _ in range(2)] == [2, 1]


async def test_a_changed_plan_is_asked_for_once_the_other_side_has_heard_of_it(
    readings: Readings, clock: TestClock
) -> None:
    await readings.read("cus_1")
    await hears(readings.house, CHANGED)
    assert await armed(readings.house) == [], "a renewal changes nothing of what they may use"
    async with readings.house.transaction(SYSTEM) as tx:
        await tx.execute("delete from mirror_objects where kind = 'subscription'")
        await pays(tx, "professional_usd")
    await hears(readings.house, CHANGED)
    await hears(readings.house, CHANGED)
    assert await armed(readings.house) == ["cus_1"]
    assert await timers.fire_one(readings.house) == 0, "not at once"
    clock.advance(minutes=1)
    assert await timers.fire_one(readings.house) == 1
    async with readings.house.transaction(SYSTEM) as tx:
        jobs = await tx.all("select args from procrastinate_jobs where task_name = %s", (READ,))
    assert [row["args"] for row in jobs] == [{"customer": "cus_1"}]


async def test_where_stripe_alone_says_it_nobody_is_asked(readings: Readings) -> None:
    await readings.read("cus_1")
    async with readings.house.transaction(SYSTEM) as tx:
        await mirror.set_source(tx, Mirrored())
        assert await mirror.entitlement_of(tx, "cus_1") is None
    alone = Readings(readings.house, Mirrored())
    assert await alone.walk() == 0
    assert await alone.read("cus_1") is None
    await hears(readings.house, CHANGED)
    assert await armed(readings.house) == []


async def test_a_start_with_the_same_source_forgets_nothing_and_with_another_all(
    readings: Readings,
) -> None:
    await readings.read("cus_1")
    async with readings.house.transaction(SYSTEM) as tx:
        await mirror.set_source(tx, readings.source)
    assert (await kept(readings.house)).usable == ON
    async with readings.house.transaction(SYSTEM) as tx:
        await mirror.set_source(tx, MemorySource(kind="sql"))
    assert (await kept(readings.house)).as_of is None


async def test_what_stripe_said_then_is_kept_with_the_answer(readings: Readings) -> None:
    await readings.read("cus_1")
    async with readings.house.transaction(SYSTEM) as tx:
        found = await mirror.objects_of(tx, "cus_1", ["subscription"])
    assert (await kept(readings.house)).standing == mirror.standing_of(found["subscription"])


async def test_open_pages_hear_of_another_answer_and_of_none_that_is_the_same(
    readings: Readings,
) -> None:
    for usable in (ON, ON, OFF, OFF):
        system_of(readings).held["cus_1"] = usable
        await readings.read("cus_1")
    async with readings.house.transaction(SYSTEM) as tx:
        told = await tx.all("select data from events where name = 'entitlement.changed'")
    assert [row["data"] for row in told] == [{"customer": "cus_1"}]
