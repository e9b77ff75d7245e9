"""Loops that take rows, and how they end."""

import asyncio
from contextlib import suppress

from prunella.kit.pump import pump


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
