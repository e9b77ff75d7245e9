"""Loops of a worker: take rows while there are any, else wait a little."""

import asyncio
from collections.abc import Awaitable, Callable


async def pump(step: Callable[[], Awaitable[int]], *, idle_s: float) -> None:
    """Call `step` for ever; sleep `idle_s` whenever it returns 0. Errors end the loop."""
    while True:
        if not await step():
            await asyncio.sleep(idle_s)
