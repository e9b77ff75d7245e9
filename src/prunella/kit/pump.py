"""Loops of a worker: take rows while there are any, else wait a little."""

import asyncio
from collections.abc import Awaitable, Callable


async def pump(step: Callable[[], Awaitable[int]], *, idle_s: float) -> None:
    """Call `step` until cancelled; sleep `idle_s` whenever it returns 0. Errors end the loop."""
    while not is_cancelled():
        if not await step():
            await asyncio.sleep(idle_s)


def is_cancelled() -> bool:
    """Whether somebody cancelled this task, also where it was not told.

    Before Python 3.12 `asyncio.wait_for`, by which psycopg waits, drops a cancellation that comes
    in the same moment as the answer: just so when the database hangs up on every task at once.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
