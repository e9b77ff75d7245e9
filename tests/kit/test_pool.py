"""Connections that the server has hung up are replaced before anybody notices."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import psycopg

from prunella.kit.database import EmbeddedPostgres
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


async def test_one_that_was_cut_brings_all_of_them_back_at_once(database_url: str) -> None:
    pool = await open_pool(database_url, max_size=8)
    async with AsyncExitStack() as all_at_once:
        cut = [await all_at_once.enter_async_context(pool.connection()) for _ in range(8)]
        before = {conn.info.backend_pid for conn in cut}
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as other:
        for pid in before:
            await other.execute("select pg_terminate_backend(%s, 5000)", (pid,))
    async with pool.connection() as conn:
        assert conn.info.backend_pid not in before
    assert pool.get_stats()["connections_lost"] == 8
    await pool.close()


async def test_who_waits_is_served_though_the_server_was_away_for_longer_than_one_try(
    tmp_path: Path,
) -> None:
    postgres = EmbeddedPostgres(tmp_path, durable=False)
    url = await asyncio.to_thread(postgres.attach_or_start)
    pool = await open_pool(url, max_size=2)
    async with pool.connection():
        await asyncio.to_thread(postgres.stop)
    waiting = asyncio.create_task(pool.getconn(timeout=120))
    while pool.get_stats().get("connections_errors", 0) < 3:  # noqa: ASYNC110 the pool tells nobody
        await asyncio.sleep(0.01)
    await asyncio.to_thread(postgres.attach_or_start)
    await pool.putconn(await waiting)
    await pool.close()
    await asyncio.to_thread(postgres.stop)
