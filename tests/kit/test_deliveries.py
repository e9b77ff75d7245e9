"""Events delivered in batches: what one listener does is no other's trouble."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from tests.conftest import MakeHouse

from prunella.kit import events
from prunella.kit.actor import SYSTEM
from prunella.kit.events import Event, Listener
from prunella.kit.house import House, Tx
from prunella.kit.timers import Timer

NAME = "case.opened"
LONG = 120.0
"""Seconds after which something has gone wrong; nothing here takes them."""


class BreakError(Exception):
    """Something went wrong on purpose."""


async def emit(house: House, *subjects: str) -> None:
    async with house.transaction(SYSTEM) as tx:
        for subject in subjects:
            await tx.emit(Event(NAME, subject))


async def deliver(house: House, count: int) -> None:
    """Deliver so many, in as many batches as the time for each allows."""
    while count > 0:
        done = await events.deliver(house)
        assert 0 < done <= count
        count -= done


async def left(house: House) -> list[dict[str, Any]]:
    async with house.transaction(SYSTEM) as tx:
        return await tx.all(
            "select e.subject, d.attempts from deliveries d join events e on e.seq = d.event"
            " order by e.seq"
        )


async def armed(house: House) -> list[str]:
    async with house.transaction(SYSTEM) as tx:
        return [row["subject"] for row in await tx.all("select subject from timers order by 1")]


async def arming(tx: Tx, event: Event) -> None:
    await tx.arm(Timer("seen", event.subject, tx.now + timedelta(days=1)))


def noting(seen: list[str]) -> Listener:
    async def listener(_tx: Tx, event: Event) -> None:
        seen.append(event.subject)

    return listener


def arming_but(breaks: Callable[[Tx], object]) -> Listener:
    """Arm a timer for each, and break over the one that is called poison."""

    async def listener(tx: Tx, event: Event) -> None:
        await arming(tx, event)
        if event.subject == "poison":
            await breaks(tx)  # type: ignore[misc] # each of them is awaited

    return listener


async def raising(_tx: Tx) -> None:
    raise BreakError


async def asking_nonsense(tx: Tx) -> None:
    await tx.one("select 1 / 0 as never")


async def sending_nonsense(tx: Tx) -> None:
    """Its outcome is read by nobody in the listener itself."""
    await tx.send("select 1 / 0 as never")


async def test_many_are_delivered_in_one_go_in_the_order_of_their_events(
    make_house: MakeHouse,
) -> None:
    seen: list[str] = []
    house = await make_house(listeners={NAME: [("a", noting(seen))]})
    for number in range(5):
        await emit(house, f"case_{number}")
    await deliver(house, 5)
    assert seen == [f"case_{number}" for number in range(5)]
    assert await left(house) == []


async def test_a_batch_has_a_most(make_house: MakeHouse) -> None:
    seen: list[str] = []
    house = await make_house(listeners={NAME: [("a", noting(seen))]})
    await emit(house, "case_1", "case_2", "case_3")
    done = await events.deliver(house, most=2)
    assert done in {1, 2}
    assert seen == ["case_1", "case_2", "case_3"][:done]
    await deliver(house, 3 - done)


@pytest.mark.parametrize("breaks", [raising, asking_nonsense, sending_nonsense])
async def test_one_that_fails_harms_none_of_the_others(
    make_house: MakeHouse, breaks: Callable[[Tx], object]
) -> None:
    house = await make_house(listeners={NAME: [("a", arming_but(breaks))]})
    await emit(house, "case_1", "poison", "case_2")
    await deliver(house, 3)
    assert await armed(house) == ["case_1", "case_2"]
    assert await left(house) == [{"subject": "poison", "attempts": 1}]


async def test_a_listener_that_is_not_known_any_more_holds_up_nobody(make_house: MakeHouse) -> None:
    before = await make_house(listeners={NAME: [("old", arming), ("new", arming)]})
    await emit(before, "case_1", "case_2")
    house = await make_house(listeners={NAME: [("new", arming)]})
    await deliver(house, 4)
    assert await armed(house) == ["case_1", "case_2"]
    assert [row["attempts"] for row in await left(house)] == [1, 1]


async def test_a_batch_whose_connection_is_cut_happens_again_as_a_whole(
    make_house: MakeHouse, database_url: str
) -> None:
    cut = True

    async def listener(tx: Tx, event: Event) -> None:
        nonlocal cut
        await arming(tx, event)
        if cut and event.subject == "case_2":
            cut = False
            pid = tx.conn.info.backend_pid
            async with await psycopg.AsyncConnection.connect(
                database_url, autocommit=True
            ) as other:
                await other.execute("select pg_terminate_backend(%s, 5000)", (pid,))
            await tx.one("select 1 as never")

    house = await make_house(listeners={NAME: [("a", listener)]})
    await emit(house, "case_1", "case_2", "case_3")
    with pytest.raises(psycopg.OperationalError):
        await events.deliver(house)
    assert await armed(house) == []
    assert len(await left(house)) == 3
    await deliver(house, 3)
    assert await armed(house) == ["case_1", "case_2", "case_3"]
    assert await left(house) == []


async def test_a_batch_that_is_killed_in_its_middle_is_nobodys_loss(make_house: MakeHouse) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def listener(tx: Tx, event: Event) -> None:
        await arming(tx, event)
        if event.subject == "case_2":
            begun.set()
            await go_on.wait()

    house = await make_house(listeners={NAME: [("a", listener)]})
    await emit(house, "case_1", "case_2", "case_3")
    first = asyncio.create_task(events.deliver(house))
    await asyncio.wait_for(begun.wait(), LONG)
    assert await events.deliver(house) == 0  # somebody has them
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await armed(house) == []
    go_on.set()
    await deliver(house, 3)
    assert await armed(house) == ["case_1", "case_2", "case_3"]


async def test_who_holds_what_a_batch_needs_is_waited_for_with_nothing_in_hand(
    make_house: MakeHouse,
) -> None:
    lock = "select pg_advisory_xact_lock(hashtext(%s))"

    async def listener(tx: Tx, event: Event) -> None:
        await tx.send(lock, (event.subject,))
        await arming(tx, event)

    house = await make_house(listeners={NAME: [("a", listener)]})
    await emit(house, "case_1", "case_2")
    async with house.transaction(SYSTEM) as tx:
        await tx.one("select 1 as held from pg_advisory_xact_lock(hashtext('case_2'))")
        delivering = asyncio.create_task(events.deliver(house))
        while await armed(house) != ["case_1"]:  # noqa: ASYNC110 another connection does it
            await asyncio.sleep(0.01)
        # The batch gave way: what it took first is free, while the other is still waited for.
        assert await tx.one("select pg_try_advisory_xact_lock(hashtext('case_1')) as mine") == {
            "mine": True
        }
    assert await asyncio.wait_for(delivering, LONG) == 2
    assert await armed(house) == ["case_1", "case_2"]
    assert await left(house) == []
