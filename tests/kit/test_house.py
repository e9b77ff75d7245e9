"""One transaction, events, timers and jobs, on a real PostgreSQL."""

import asyncio
from datetime import timedelta

import pytest
from psycopg.errors import DeadlockDetected
from tests.conftest import MakeHouse, TestClock
from tests.kit.waiting import someone_waits

from prunella.kit import events, timers
from prunella.kit.actor import SYSTEM
from prunella.kit.events import Event
from prunella.kit.house import MAX_TRIES, House, Tx
from prunella.kit.idempotency import KeyReusedError, recall, remember
from prunella.kit.ids import new_id
from prunella.kit.jobs import Job
from prunella.kit.timers import Timer


class BreakError(Exception):
    """Something went wrong on purpose."""


def test_ids_are_prefixed_and_in_the_order_of_their_making() -> None:
    ids = [new_id("case") for _ in range(3)]
    assert all(one.startswith("case_") and len(one) == len("case_") + 26 for one in ids)
    assert ids[0][:15] <= ids[1][:15] <= ids[2][:15]
    assert len(set(ids)) == 3


async def test_a_change_that_fails_takes_its_event_its_job_and_its_timer_with_it(
    make_house: MakeHouse,
) -> None:
    async def job() -> None: ...

    house = await make_house(jobs={"later": job})

    async def change() -> None:
        async with house.transaction(SYSTEM) as tx:
            await tx.emit(Event("case.opened", "case_1"))
            await tx.defer(Job("later"))
            await tx.arm(Timer("action.look", "act_1", tx.now))
            raise BreakError

    with pytest.raises(BreakError):
        await change()
    async with house.transaction(SYSTEM) as tx:
        assert await tx.all("select * from events") == []
        assert await tx.all("select * from procrastinate_jobs") == []
        assert await tx.all("select * from timers") == []


async def test_each_listener_gets_an_event_once(make_house: MakeHouse) -> None:
    seen: list[str] = []

    async def first(_tx: Tx, event: Event) -> None:
        seen.append(f"first {event.subject} {event.data['n']}")

    async def second(_tx: Tx, event: Event) -> None:
        seen.append(f"second {event.subject}")

    house = await make_house(listeners={"case.opened": [("a", first), ("b", second)]})
    async with house.transaction(SYSTEM) as tx:
        await tx.emit(Event("case.opened", "case_1", data={"n": 1}))
        await tx.emit(Event("case.closed", "case_1"))
    while await events.deliver(house):
        pass
    assert sorted(seen) == ["first case_1 1", "second case_1"]


async def test_what_a_failing_listener_wrote_is_taken_back_and_it_is_tried_again(
    make_house: MakeHouse,
) -> None:
    tries: list[int] = []

    async def listener(tx: Tx, event: Event) -> None:
        tries.append(1)
        await tx.arm(Timer("written", event.subject, tx.now))
        raise BreakError

    house = await make_house(listeners={"case.opened": [("a", listener)]})
    async with house.transaction(SYSTEM) as tx:
        await tx.emit(Event("case.opened", "case_1"))
    assert await events.deliver(house) == 1
    async with house.transaction(SYSTEM) as tx:
        assert await tx.all("select * from timers") == []
        row = await tx.one("select attempts, dead, error from deliveries")
        assert row == {"attempts": 1, "dead": False, "error": "BreakError()"}
        await tx.execute("update deliveries set next_at = 'epoch', attempts = 7")
    assert await events.deliver(house) == 1
    async with house.transaction(SYSTEM) as tx:
        row = await tx.one("select dead from deliveries")
    assert row == {"dead": True}
    assert await events.deliver(house) == 0
    assert len(tries) == 2


async def test_when_time_jumps_timers_fire_in_the_order_they_were_due(
    make_house: MakeHouse, clock: TestClock
) -> None:
    fired: list[str] = []

    async def fire(_tx: Tx, timer: Timer) -> None:
        fired.append(timer.subject)

    house = await make_house(handlers={"dun": fire})
    async with house.transaction(SYSTEM) as tx:
        for days in (5, 1, 3, 30):
            await tx.arm(Timer("dun", f"day {days}", tx.now + timedelta(days=days)))
        await tx.arm(Timer("dun", "moved", tx.now + timedelta(days=40)))
        await tx.arm(Timer("dun", "moved", tx.now + timedelta(days=2)))
    assert await timers.fire_one(house) == 0
    clock.advance(days=10)
    while await timers.fire_one(house):
        pass
    assert fired == ["day 1", "moved", "day 3", "day 5"]


async def test_three_sweepers_fire_each_timer_once(make_house: MakeHouse) -> None:
    fired: list[str] = []

    async def fire(_tx: Tx, timer: Timer) -> None:
        fired.append(timer.subject)

    house = await make_house(handlers={"dun": fire})
    async with house.transaction(SYSTEM) as tx:
        for n in range(60):
            await tx.arm(Timer("dun", str(n), tx.now))

    async def sweep() -> None:
        while len(fired) < 60:
            await timers.fire_one(house)

    await asyncio.gather(sweep(), sweep(), sweep())
    assert sorted(fired, key=int) == [str(n) for n in range(60)]


async def test_a_handler_may_arm_its_own_timer_again_for_the_same_moment(
    make_house: MakeHouse,
) -> None:
    pages: list[int] = []

    async def page(tx: Tx, timer: Timer) -> None:
        pages.append(timer.data["page"])
        if len(pages) < 3:
            await tx.arm(Timer("look", "all", timer.due_at, {"page": len(pages)}))

    house = await make_house(handlers={"look": page})
    async with house.transaction(SYSTEM) as tx:
        await tx.arm(Timer("look", "all", tx.now, {"page": 0}))
    while await timers.fire_one(house):
        pass
    assert pages == [0, 1, 2]


@pytest.mark.parametrize("fails", [False, True])
async def test_who_moves_a_timer_that_fires_neither_waits_for_it_nor_loses_the_move(
    make_house: MakeHouse, clock: TestClock, *, fails: bool
) -> None:
    """The handler waits for the row that the mover holds: were the timer held, neither went on."""
    reached: list[str] = []

    async def handler(tx: Tx, timer: Timer) -> None:
        await tx.one("select 1 from events where subject = %s for update", (timer.subject,))
        reached.append(timer.subject)
        if fails:
            raise BreakError

    house = await make_house(handlers={"dun": handler})
    moved_to = clock.now() + timedelta(days=3)
    async with house.transaction(SYSTEM) as tx:
        await tx.emit(Event("plan", "in_1"))
        await tx.arm(Timer("dun", "in_1", tx.now))
    async with house.transaction(SYSTEM) as tx:
        await tx.one("select 1 from events where subject = 'in_1' for update")
        firing = asyncio.create_task(timers.fire_one(house))
        await someone_waits(house)
        await tx.arm(Timer("dun", "in_1", moved_to))
    assert await firing == 1
    assert reached == ["in_1"]
    async with house.transaction(SYSTEM) as tx:
        [row] = await tx.all("select due_at, attempts from timers")
    assert row == {"due_at": moved_to, "attempts": 0}


async def test_a_job_runs_after_its_transaction_and_one_that_fails_runs_again(
    make_house: MakeHouse,
) -> None:
    runs: list[int] = []
    done = asyncio.Event()

    async def job(*, n: int) -> None:
        runs.append(n)
        if len(runs) < 2:
            raise BreakError
        done.set()

    house = await make_house(jobs={"later": job})
    async with house.transaction(SYSTEM) as tx:
        await tx.defer(Job("later", {"n": 7}))
    working = asyncio.create_task(house.jobs.work(concurrency=2))
    await asyncio.wait_for(done.wait(), 120)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    assert runs == [7, 7]


async def test_a_job_that_the_end_of_its_worker_cut_off_runs_again(make_house: MakeHouse) -> None:
    runs: list[int] = []
    begun, done = asyncio.Event(), asyncio.Event()

    async def job() -> None:
        runs.append(len(runs))
        begun.set()
        if len(runs) < 2:
            await asyncio.Event().wait()
        done.set()

    house = await make_house(jobs={"later": job})
    async with house.transaction(SYSTEM) as tx:
        await tx.defer(Job("later"))
    for reached in (begun, done):
        working = asyncio.create_task(house.jobs.work(concurrency=2))
        await asyncio.wait_for(reached.wait(), 120)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
    assert runs == [0, 1]


async def test_a_request_with_a_used_key_gets_the_first_answer_or_is_refused(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        assert await recall(tx, scope="a", key="k", request={"n": 1}) is None
        await remember(tx, scope="a", key="k", result={"id": "act_1"})
    async with house.transaction(SYSTEM) as tx:
        assert await recall(tx, scope="a", key="k", request={"n": 1}) == {"id": "act_1"}
        assert await recall(tx, scope="b", key="k", request={"n": 2}) is None
        with pytest.raises(KeyReusedError):
            await recall(tx, scope="a", key="k", request={"n": 2})


async def test_of_two_that_wait_for_each_other_both_come_through(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        for name in ("a", "b"):
            await tx.emit(Event("counted", name))
    both_hold_one = asyncio.Barrier(2)
    begun: list[str] = []

    async def change(tx: Tx, first: str, second: str) -> str:
        begun.append(first)
        await tx.execute("update events set name = name || %s where subject = %s", ("+", first))
        if len(begun) <= 2:
            await both_hold_one.wait()
        await tx.execute("update events set name = name || %s where subject = %s", ("+", second))
        return first

    done = await asyncio.gather(
        house.transact(SYSTEM, lambda tx: change(tx, "a", "b")),
        house.transact(SYSTEM, lambda tx: change(tx, "b", "a")),
    )
    assert list(done) == ["a", "b"]
    assert len(begun) == 3, "one of them was ended, and begun again"
    async with house.transaction(SYSTEM) as tx:
        names = [row["name"] for row in await tx.all("select name from events")]
    assert names == ["counted++", "counted++"]


async def test_what_never_comes_through_ends_with_what_it_met(house: House) -> None:
    tries: list[int] = []

    async def never(tx: Tx) -> None:
        tries.append(1)
        await tx.execute("do $$ begin raise deadlock_detected; end $$")

    with pytest.raises(DeadlockDetected):
        await house.transact(SYSTEM, never)
    assert len(tries) == MAX_TRIES


async def test_only_a_clash_is_done_again(house: House) -> None:
    tries: list[int] = []

    async def breaks(_tx: Tx) -> None:
        tries.append(1)
        raise BreakError

    with pytest.raises(BreakError):
        await house.transact(SYSTEM, breaks)
    assert len(tries) == 1
