"""Finds out how far back a list reaches, with a handful of requests."""

from datetime import datetime

from prunella.connectors.stripe.reads import Reads
from prunella.kit.clock import from_unix
from prunella.mirror.sync.kinds import SYNCED

STRIPE_BEGAN = 1_262_304_000  # 2010: no account has anything older
MAX_STEPS = 10
CLOSE_ENOUGH = 0.05


async def find_oldest(reads: Reads, kind: str, *, before: datetime) -> datetime:
    """Halve the time between Stripe's beginning and `before` until the oldest object is near."""
    empty_before, some_at = STRIPE_BEGAN, int(before.timestamp())
    for _ in range(MAX_STEPS):
        if some_at - empty_before <= (int(before.timestamp()) - some_at) * CLOSE_ENOUGH:
            break
        middle = (empty_before + some_at) // 2
        created = {"lt": middle}
        reply = await reads.page(kind, **{**SYNCED[kind].filters, "limit": 1, "created": created})
        found = reply.data["data"]
        if found:
            some_at = found[0]["created"]
        else:
            empty_before = middle
    return from_unix(some_at)
