"""Usage: meter events by day, and what a meter makes of them over a stretch of time."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

TABLE = "_usage"
DAY = 24 * 3600


def note(world: World, meter: Obj, *, customer: str, at: int, value: Decimal) -> None:
    key = _key(meter["id"], customer, at // DAY)
    before = world.store.get(TABLE, key) or {"events": ()}
    world.store.put(TABLE, key, {"events": (*before["events"], (at, value))})


def aggregated(world: World, meter_id: str, *, customer: str, start: int, end: int) -> Decimal:
    """Sum, count or take the last of what was reported from `start` until just before `end`."""
    meter = world.need("billing.meter", meter_id)
    found = list(_events(world, meter, customer=customer, start=start, end=end))
    formula = meter["default_aggregation"]["formula"]
    if formula == "count":
        return Decimal(len(found))
    if formula == "last":
        return max(found, key=lambda event: event[0])[1] if found else Decimal(0)
    return sum((value for _, value in found), Decimal(0))


def _events(
    world: World, meter: Obj, *, customer: str, start: int, end: int
) -> Iterator[tuple[int, Decimal]]:
    for day in range(start // DAY, end // DAY + 1):
        entry = world.store.get(TABLE, _key(meter["id"], customer, day))
        for at, value in entry["events"] if entry else ():
            if start <= at < end:
                yield at, value


def _key(meter: str, customer: str, day: int) -> str:
    return f"{meter}:{customer}:{day}"
