"""Connections to the database."""

import select

from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from prunella.kit.house import Pool

WAIT_S = 10.0
PREPARED_AFTER = 2
"""Runs of a statement on a connection after which it is planned there."""
MOST_PREPARED = 400
"""More than there are statements on any way through the house."""


async def open_pool(url: str, *, max_size: int, min_size: int = 1) -> Pool:
    """Open a pool whose rows are dicts. Broken connections are replaced before they are lent.

    Autocommit, so that `house.transaction` alone decides where a transaction begins and ends.
    """
    pool: Pool = AsyncConnectionPool(
        url,
        connection_class=AsyncConnection[DictRow],
        kwargs={"row_factory": dict_row, "prepare_threshold": PREPARED_AFTER},
        configure=_begin_nothing,
        min_size=min_size,
        max_size=max_size,
        timeout=WAIT_S,
        check=_must_live,
        open=False,
    )
    await pool.open()
    return pool


async def _begin_nothing(conn: AsyncConnection[DictRow]) -> None:
    # Not among kwargs: the job queue opens a connection of its own with them and says it itself.
    await conn.set_autocommit(True)
    conn.prepared_max = MOST_PREPARED


async def _must_live(conn: AsyncConnection[DictRow]) -> None:
    """Raise where the server has hung up: only then is there something to read, and it is asked.

    A connection that nobody uses is told nothing else, so one that is silent costs no way there
    and back.
    """
    looking = select.poll()
    looking.register(conn.fileno(), select.POLLIN)
    if looking.poll(0):
        await AsyncConnectionPool.check_connection(conn)
