"""Loops that take rows, and how they end."""

import asyncio
from contextlib import suppress

import pytest

from prunella.kit.pump import pump, pump_together


async def test_a_loop_ends_also_where_its_cancellation_was_lost_on_the_way() -> None:
    begun = asyncio.Event()

    async def step() -> int:
        begun.set()
        with suppress(asyncio.CancelledError):  # as asyncio.wait_for does before Python 3.12
            await asyncio.Event().wait()
        return 1

    loop = asyncio.create_task(pump(step, idle_s=3_600))
    await begun.wait()
    loop.cancel()
    async with asyncio.timeout(60):
        await loop


async def test_a_loop_takes_all_there_is_before_it_waits() -> None:
    left = [0, 2, 3]
    took: list[int] = []

    async def step() -> int:
        took.append(left.pop())
        return took[-1]

    with suppress(TimeoutError):
        async with asyncio.timeout(0.05):
            await pump(step, idle_s=3_600)
    assert took == [3, 2, 0]


async def test_where_there_is_plenty_several_take_at_once_and_else_one_looks() -> None:
    working, most, left = 0, 0, 30
    done = asyncio.Event()

    async def step() -> int:
        nonlocal working, most, left
        if not left:
            return 0
        working, left = working + 1, left - 1
        most = max(most, working)
        await asyncio.sleep(0.001)
        working -= 1
        if not (left or working):
            done.set()
        return 1

    loop = asyncio.create_task(pump_together(step, idle_s=3_600, at_once=3))
    async with asyncio.timeout(60):
        await done.wait()
    loop.cancel()
    with suppress(asyncio.CancelledError):
        await loop
    assert most == 3


async def test_an_error_of_one_who_helps_ends_all() -> None:
    looks = 0

    async def step() -> int:
        nonlocal looks
        looks += 1
        if looks == 1:
            return 1
        if looks == 2:
            await asyncio.Event().wait()
        raise LookupError

    async with asyncio.timeout(60):
        with pytest.raises(ExceptionGroup) as failed:
            await pump_together(step, idle_s=3_600, at_once=2)
    assert failed.group_contains(LookupError)
