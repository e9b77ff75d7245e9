"""A diagnosis, from the mirror to the words, at more and more mirrored customers."""

import random
import time

from bench.stage import SIZES, fill, percentiles, postgres, rooms

from prunella import people
from prunella.bootstrap import Rooms
from prunella.kit.actor import SYSTEM

TIMES = 2_000
WARM_UP = 300


async def measure() -> list[str]:
    lines = []
    with postgres() as url:
        async with rooms(url) as opened:
            mirrored = 0
            p99s = []
            for size in SIZES:
                fill(url, first=mirrored + 1, last=size)
                mirrored = size
                chosen = _choose(size)
                await _diagnose(opened, chosen[:WARM_UP])
                p50, p99 = percentiles(await _diagnose(opened, chosen))
                bare50, _ = percentiles(await _bare(opened))
                p99s.append(p99)
                lines.append(
                    f"{size:>9,} customers: p50 {p50:.2f} ms, p99 {p99:.2f} ms, "
                    f"{p50 / bare50:.1f} x an empty transaction ({bare50:.2f} ms), "
                    f"p99 {p99 / p99s[0]:.2f} x that of {SIZES[0]} customers"
                )
    return lines


def _choose(size: int) -> list[str]:
    chance = random.Random(1)  # noqa: S311 which customers are asked about
    return [f"cus_northbeck_{chance.randint(1, size)}" for _ in range(TIMES)]


async def _diagnose(opened: Rooms, customers: list[str]) -> list[float]:
    taken = []
    for ref in customers:
        started = time.perf_counter()
        async with opened.house.transaction(SYSTEM) as tx:
            customer = await people.find_customer(tx, ref)
            assert customer is not None
            diagnosis = await opened.diagnostics.of(tx, customer)
        taken.append(time.perf_counter() - started)
        assert diagnosis.status == "red"
    return taken


async def _bare(opened: Rooms) -> list[float]:
    taken = []
    for _ in range(TIMES):
        started = time.perf_counter()
        async with opened.house.transaction(SYSTEM) as tx:
            await tx.one("select 1 as one")
        taken.append(time.perf_counter() - started)
    return taken
