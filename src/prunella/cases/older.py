"""Cases from before an upgrade get what newer ones have: their clocks, and the day they close.

A few at a time, as often as it is asked. Each batch is a transaction of its own, so that nobody
waits long, and a worker that dies goes on where it was.
"""

from collections.abc import Awaitable, Callable, Collection
from functools import partial

from prunella.cases import clocks, store, store_clocks
from prunella.cases.case import Case
from prunella.cases.changing import CLOSE, close_in_a_week
from prunella.cases.record import OPEN
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House, Tx

AT_ONCE = 100
Look = Callable[[Tx, str, int], Awaitable[list[str]]]
Step = Callable[[Tx, Case], Awaitable[object]]


async def begin_clocks(house: House, *, most: int = AT_ONCE) -> int:
    """Begin the clocks of every open case that has none; returns of how many.

    A step of the worker.
    """
    return await _each(house, store_clocks.without_clocks, clocks.follow, OPEN, most)


async def close_later(house: House, *, most: int = AT_ONCE) -> int:
    """Let every solved case close a week after it was solved; returns how many did not know to.

    A step of the worker.
    """
    look = partial(store_clocks.never_closing, timer=CLOSE)
    return await _each(house, look, close_in_a_week, {"solved"}, most)


async def _each(house: House, look: Look, step: Step, statuses: Collection[str], most: int) -> int:
    done, after = 0, ""
    while True:
        async with house.transaction(SYSTEM) as tx:
            names = await look(tx, after, most)
            held = await store.lock_cases(tx, names) if names else {}
            for name, row in held.items():
                if row["id"] == name and row["status"] in statuses:
                    await step(tx, Case.of(row))
        done += len(names)
        if len(names) < most:
            return done
        after = names[-1]
