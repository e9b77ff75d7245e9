"""Connections to the database."""

from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from prunella.kit.house import Pool

WAIT_S = 10.0


async def open_pool(url: str, *, max_size: int, min_size: int = 1) -> Pool:
    """Open a pool whose rows are dicts. Broken connections are replaced before they are lent.

    Autocommit, so that `house.transaction` alone decides where a transaction begins and ends.
    """
    pool: Pool = AsyncConnectionPool(
        url,
        connection_class=AsyncConnection[DictRow],
        kwargs={"row_factory": dict_row},
        configure=_begin_nothing,
        min_size=min_size,
        max_size=max_size,
        timeout=WAIT_S,
        check=AsyncConnectionPool.check_connection,
        open=False,
    )
    await pool.open()
    return pool


async def _begin_nothing(conn: AsyncConnection[DictRow]) -> None:
    # Not among kwargs: the job queue opens a connection of its own with them and says it itself.
    await conn.set_autocommit(True)
