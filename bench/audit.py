"""The audit log: entries sealed a second, and how the time of `verify` grows with the log.

Beside them, in the same run: plain reading of the same rows, and entries written a second.
"""

from __future__ import annotations

import asyncio
import time

import psycopg
from bench import stage

from prunella import audit
from prunella.audit import Sealer
from prunella.audit.note import SigningKey
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House

SIZES = (10_000, 100_000, 1_000_000)
WRITTEN = 2_000
AT_ONCE = 16
KEY = SigningKey.of_seed(bytes(range(32)))
_FILL = """
insert into audit_entries
  (at, actor_kind, actor_id, actor_role, verb, subject, customer, because, before, after)
select timestamptz '2026-03-03 11:40+00' + n * interval '1 second', 'staff', 'tok_' || mod(n, 50),
  'lead', 'action.approved', 'act_' || n, 'cust_' || mod(n, 5000), 'limit_lifted',
  jsonb_build_object('state', 'awaiting_approval'),
  jsonb_build_object('state', 'approved', 'amount', n, 'rules', array['refund.cap', 'refund.age'])
from generate_series(%s::int, %s::int) n
"""
_READ = "select seq, at, verb, subject, before::text, after::text from audit_entries order by seq"


async def measure() -> list[str]:
    lines = []
    with stage.postgres() as url:
        async with stage.rooms(url) as rooms:
            lines.append(await _written(rooms.house))
            per_entry = []
            for size in SIZES:
                line, seconds = await _grow(rooms.house, url, size)
                lines.append(line)
                per_entry.append(seconds / size)
    growth = per_entry[-1] / per_entry[0]
    lines.append(
        f"CPU time of verify an entry, at {SIZES[-1]:,} against {SIZES[0]:,}: x {growth:.2f}"
    )
    return lines


async def _written(house: House) -> str:
    async def lane(first: int) -> None:
        for n in range(first, WRITTEN, AT_ONCE):
            async with house.transaction(SYSTEM) as tx:
                await audit.record(tx, "action.approved", f"act_{n}", after={"amount": n})

    started = time.perf_counter()
    await asyncio.gather(*(lane(first) for first in range(AT_ONCE)))
    rate = WRITTEN / (time.perf_counter() - started)
    return f"entries written, a transaction each: {rate:,.0f}/s, {AT_ONCE} at a time"


async def _grow(house: House, url: str, size: int) -> tuple[str, float]:
    have = await _count(house)
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("set synchronous_commit = off")
        conn.execute(_FILL, (have + 1, size))
        conn.execute("vacuum analyze audit_entries")
    started = time.perf_counter()
    sealer = Sealer(house, lambda: KEY)
    while await sealer.step():
        pass
    sealing_s = time.perf_counter() - started
    reading_s = await asyncio.to_thread(_read, url)
    verify_s, cpu_s = await asyncio.to_thread(_verify, url, size)
    rate = (size - have) / sealing_s
    line = (
        f"at {size:,}: sealed {rate:,.0f}/s; verify {verify_s:.1f} s ({cpu_s:.1f} s of CPU),"
        f" {verify_s / reading_s:.1f} x the plain reading of the rows"
    )
    return line, cpu_s


def _verify(url: str, size: int) -> tuple[float, float]:
    """Return how long it took, and how much of it was our own work."""
    started, worked = time.perf_counter(), time.thread_time()
    report = audit.check_database(url, trusted=[KEY.verifying])
    assert report.holds
    assert report.verdict.sealed == size
    return time.perf_counter() - started, time.thread_time() - worked


def _read(url: str) -> float:
    started = time.perf_counter()
    with psycopg.connect(url) as conn, conn.cursor(name="plain") as cursor:
        cursor.itersize = 4_000
        for _ in cursor.execute(_READ):
            pass
    return time.perf_counter() - started


async def _count(house: House) -> int:
    async with house.transaction(SYSTEM) as tx:
        row = await tx.one("select count(*) as count from audit_entries")
    return int(row["count"]) if row else 0
