"""Two that meet at a lock: how a test knows that the second has come to it."""

import asyncio

from prunella.kit.actor import SYSTEM
from prunella.kit.house import House

_WAITING = """
select count(*) as n from pg_stat_activity
where datname = current_database() and wait_event_type = 'Lock'
"""


async def someone_waits(house: House) -> None:
    """Return once a connection of this database waits for a lock that another holds."""
    async with asyncio.timeout(120):
        while True:
            async with house.transaction(SYSTEM) as tx:
                row = await tx.one(_WAITING)
            if row and row["n"]:
                return
            await asyncio.sleep(0.01)
