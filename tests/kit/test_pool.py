"""Connections that the server has hung up are replaced before anybody notices."""

import psycopg

from prunella.kit.pool import PREPARED_AFTER, open_pool


async def test_a_connection_that_was_cut_while_nobody_used_it_is_not_lent(
    database_url: str,
) -> None:
    pool = await open_pool(database_url, max_size=2)
    async with pool.connection() as conn:
        before = conn.info.backend_pid
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as other:
        await other.execute("select pg_terminate_backend(%s, 5000)", (before,))
    async with pool.connection() as conn:
        assert conn.info.backend_pid != before
        row = await (await conn.execute("select 1 as one")).fetchone()
    assert row == {"one": 1}
    await pool.close()


async def test_what_a_connection_runs_again_and_again_is_planned_once(database_url: str) -> None:
    pool = await open_pool(database_url, max_size=1)
    async with pool.connection() as conn:
        for number in range(PREPARED_AFTER + 1):
            await conn.execute("select %s::int as number", (number,))
        rows = await (await conn.execute("select statement from pg_prepared_statements")).fetchall()
    assert [row["statement"] for row in rows] == ["select $1::int as number"]
    await pool.close()
