"""Cases from before there were clocks get theirs: a few at a time, as often as it is asked."""

from prunella.cases import clocks, store, store_clocks
from prunella.cases.case import Case
from prunella.cases.record import OPEN
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House

AT_ONCE = 100


async def begin_clocks(house: House, *, most: int = AT_ONCE) -> int:
    """Begin the clocks of every open case that has none; returns of how many.

    Each batch is a transaction of its own, so that nobody waits long, and a worker that dies
    goes on where it was. A step of the worker.
    """
    begun, after = 0, ""
    while True:
        names = await _begin_some(house, after, most)
        begun += len(names)
        if len(names) < most:
            return begun
        after = names[-1]


async def _begin_some(house: House, after: str, most: int) -> list[str]:
    async with house.transaction(SYSTEM) as tx:
        names = await store_clocks.without_clocks(tx, after, most)
        held = await store.lock_cases(tx, names) if names else {}
        for row in held.values():
            if row["status"] in OPEN:
                await clocks.follow(tx, Case.of(row))
    return names
