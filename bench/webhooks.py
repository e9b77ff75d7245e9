"""Stored webhooks a second, through real HTTP, against plain single-row commits.

Both on one durable PostgreSQL, with the same rows and as many at a time, turn by turn.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import shutil
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path

from prunella.kit.clock import system_now
from prunella.kit.database import EmbeddedPostgres, create_database
from prunella.kit.house import Pool
from prunella.kit.migrate import migrate
from prunella.kit.pool import open_pool
from prunella.settings import shipped

AT_ONCE = 32
ROUNDS = 3
A_ROUND = 4_000
START_WITHIN_S = 30.0
SECRET = "whsec_of_the_bench"

_PLAIN = """
create table plain (event_id text primary key, type text, payload bytea, received_at timestamptz)
"""
_COMMIT = "insert into plain values (%s, %s, %s, %s)"


Door = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def measure() -> list[str]:
    with _durable_postgres() as url:
        await migrate(url, shipped("schema"))
        pool = await open_pool(url, min_size=AT_ONCE, max_size=AT_ONCE)
        try:
            async with _web(url) as port:
                return await _compare(pool, port)
        finally:
            await pool.close()


async def _compare(pool: Pool, port: int) -> list[str]:
    async with pool.connection() as conn:
        await conn.execute(_PLAIN)
    rates = []
    for turn in range(ROUNDS):
        plain = await _rate(f"plain{turn}", partial(_commit, pool))
        async with _doors(port) as doors:
            hooks = await _rate(f"hook{turn}", partial(_post, doors))
        rates.append((plain, hooks))
    await _count(pool)
    ratio = statistics.median(hooks / plain for plain, hooks in rates)
    plain, hooks = (statistics.median(column) for column in zip(*rates, strict=True))
    return [
        f"webhooks stored: {hooks:,.0f}/s over HTTP, {AT_ONCE} at a time, one web process",
        f"plain single-row commits: {plain:,.0f}/s, {AT_ONCE} at a time, psycopg",
        f"ratio {ratio:.2f} (aim 0.5)",
    ]


async def _rate(name: str, store: Callable[[int, bytes], Awaitable[None]]) -> float:
    """Store a round of events, `AT_ONCE` in flight; returns how many a second."""
    bodies = [_event(f"evt_{name}_{n}") for n in range(A_ROUND)]

    async def one_by_one(lane: int) -> None:
        for n in range(lane, A_ROUND, AT_ONCE):
            await store(n, bodies[n])

    started = time.perf_counter()
    await asyncio.gather(*(one_by_one(lane) for lane in range(AT_ONCE)))
    return A_ROUND / (time.perf_counter() - started)


async def _commit(pool: Pool, n: int, body: bytes) -> None:
    async with pool.connection() as conn:
        name = f"{hashlib.sha256(body).hexdigest()}_{n}"
        await conn.execute(_COMMIT, (name, "invoice.updated", body, system_now()))


@asynccontextmanager
async def _doors(port: int) -> AsyncIterator[list[Door]]:
    """Connections of one round: the server closes those that idle for longer."""
    doors = [await asyncio.open_connection("127.0.0.1", port) for _ in range(AT_ONCE)]
    try:
        yield doors
    finally:
        for _, writer in doors:
            writer.close()


async def _post(doors: list[Door], n: int, body: bytes) -> None:
    reader, writer = doors[n % AT_ONCE]
    at = int(time.time())
    mac = hmac.new(SECRET.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
    head = (
        "POST /webhooks/stripe HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n"
        f"stripe-signature: t={at},v1={mac}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    answer = await reader.readuntil(b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200"), answer
    length = answer.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    await reader.readexactly(int(length))


async def _count(pool: Pool) -> None:
    async with pool.connection() as conn:
        row = await (await conn.execute("select count(*) from stripe_inbox")).fetchone()
    assert row
    assert row["count"] == ROUNDS * A_ROUND


def _event(name: str) -> bytes:
    """Return an event of the size that Stripe's invoices have, some 3 kB."""
    lines = [
        {"id": f"il_{n}", "amount": 250_000, "description": "Starter " * 20} for n in range(12)
    ]
    data = {"id": f"in_{name}", "object": "invoice", "customer": "cus_1", "lines": {"data": lines}}
    event = {"id": name, "object": "event", "type": "invoice.updated", "created": 1_790_000_000}
    return json.dumps({**event, "api_version": "bench", "data": {"object": data}}).encode()


@contextmanager
def _durable_postgres() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="prunella-bench-"))
    postgres = EmbeddedPostgres(folder / "postgres")
    try:
        yield create_database(postgres.attach_or_start())
    finally:
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def _web(url: str) -> AsyncIterator[int]:
    """`prunella serve --only web` on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = (sys.executable, "-m", "prunella", "serve", "--only", "web", "--port", str(port))
    env = {
        **os.environ,
        "PRUNELLA_DATABASE_URL": url,
        "PRUNELLA_STRIPE_WEBHOOK_SECRET": SECRET,
        "PRUNELLA_CLOCK": "system",
    }
    process = await asyncio.create_subprocess_exec(*command, env=env)
    try:
        await _answers(port)
        yield port
    finally:
        process.terminate()
        await process.wait()


async def _answers(port: int) -> None:
    until = time.monotonic() + START_WITHIN_S
    while time.monotonic() < until:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    message = "the web process did not start"
    raise TimeoutError(message)


def main() -> None:
    print("\n".join(asyncio.run(measure())))


if __name__ == "__main__":
    main()
