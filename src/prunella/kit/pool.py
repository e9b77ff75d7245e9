"""Connections to the database."""

import select

from psycopg import AsyncConnection, Error
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from prunella.kit.house import Pool

WAIT_S = 10.0
PREPARED_AFTER = 2
"""Runs of a statement on a connection after which it is planned there."""
MOST_PREPARED = 400
"""More than there are statements on any way through the house."""
TRY_AGAIN_AFTER_S = 0.5
"""By itself the pool waits twice as long each time, and is late when the server is back."""


async def open_pool(url: str, *, max_size: int, min_size: int = 1) -> Pool:
    """Open a pool whose rows are dicts. Broken connections are replaced before they are lent.

    Autocommit, so that `house.transaction` alone decides where a transaction begins and ends.
    """

    async def must_live(conn: AsyncConnection[DictRow]) -> None:
        if _has_something_to_say(conn):
            try:
                await AsyncConnectionPool.check_connection(conn)
            except Error:
                await pool.check()  # who hung up on one most likely hung up on all
                raise

    pool: Pool = AsyncConnectionPool(
        url,
        connection_class=AsyncConnection[DictRow],
        kwargs={"row_factory": dict_row, "prepare_threshold": PREPARED_AFTER},
        configure=_begin_nothing,
        min_size=min_size,
        max_size=max_size,
        timeout=WAIT_S,
        check=must_live,
        reconnect_timeout=TRY_AGAIN_AFTER_S,
        reconnect_failed=_try_again_while_somebody_waits,
        open=False,
    )
    await pool.open()
    return pool


async def _begin_nothing(conn: AsyncConnection[DictRow]) -> None:
    # Not among kwargs: the job queue opens a connection of its own with them and says it itself.
    await conn.set_autocommit(True)
    conn.prepared_max = MOST_PREPARED


async def _try_again_while_somebody_waits(pool: Pool) -> None:
    if pool.get_stats()["requests_waiting"]:
        await pool.check()


def _has_something_to_say(conn: AsyncConnection[DictRow]) -> bool:
    """Only where the server has hung up is there something to read while nobody asks.

    A connection that is silent lives, and costs no way there and back.
    """
    looking = select.poll()
    looking.register(conn.fileno(), select.POLLIN)
    return bool(looking.poll(0))
