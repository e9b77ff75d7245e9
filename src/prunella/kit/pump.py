"""Loops of a worker: take rows while there are any, else wait a little."""

import asyncio
from collections.abc import Awaitable, Callable

Step = Callable[[], Awaitable[int]]


async def pump(step: Step, *, idle_s: float) -> None:
    """Call `step` until cancelled; sleep `idle_s` whenever it returns 0. Errors end the loop."""
    while not is_cancelled():
        if not await step():
            await asyncio.sleep(idle_s)


async def pump_together(step: Step, *, idle_s: float, at_once: int) -> None:
    """The same, so many at once where there is plenty: one looks, and calls another when it found.

    For steps that are short: nobody is called before the first of them is done.
    """
    called = asyncio.Semaphore(0)

    async def look() -> int:
        found = await step()
        if found and called.locked():
            called.release()
        return found

    async def help_out() -> None:
        while not is_cancelled():
            await called.acquire()
            while not is_cancelled() and await look():
                pass

    async with asyncio.TaskGroup() as group:
        group.create_task(pump(look, idle_s=idle_s))
        for _ in range(at_once - 1):
            group.create_task(help_out())


def is_cancelled() -> bool:
    """Whether somebody cancelled this task, also where it was not told.

    Before Python 3.12 `asyncio.wait_for`, by which psycopg waits, drops a cancellation that comes
    in the same moment as the answer: just so when the database hangs up on every task at once.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
