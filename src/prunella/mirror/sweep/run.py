"""The daily sweep: what is new of each kind, and a share of a slow turn through everything.

It may be stopped at any moment and goes on where it was; several workers share the kinds.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog

from prunella.connectors.stripe.errors import StripeForbidden, StripeNotFound, StripeRefused
from prunella.connectors.stripe.reads import Reads, Reply
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import from_unix
from prunella.kit.house import House
from prunella.mirror.sweep import store
from prunella.mirror.sweep.page import Sweeper
from prunella.mirror.sweep.store import Found, Turn
from prunella.mirror.sync.kinds import SYNCED

log = structlog.get_logger()

EVERY = timedelta(hours=20)
WHOLE_EVERY = timedelta(days=7)
OVERLAP = timedelta(days=3)
"""Stripe tries a webhook for three days: what is older was told, or never will be."""
FIRST_REACH = timedelta(days=35)
LEASE = timedelta(minutes=5)
PAUSE_S = 0.5
PAGES_AT_ONCE = 40
"""Of the slow turn, so many pages a kind each time; then the next kind has its turn."""
MAX_PAGES = 100_000
_THE_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = ("invoice",)
KINDS = (*(kind for kind in SYNCED if kind not in _LAST), *_LAST)
"""Invoices come last: who hears that one has failed finds its payment there."""


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What each kind's turns found. A kind that nothing was due for is not there."""

    kinds: Mapping[str, Found]

    @property
    def total(self) -> Found:
        return sum(self.kinds.values(), Found())


async def sweep(
    house: House, reads: Reads, *, at_once: bool = False, pause_s: float = PAUSE_S
) -> SweepReport:
    """Find and mend what webhooks missed, as far as it is due; at most two requests a second.

    `at_once`: everything, now, to its end. Raises StripeAway; the next call goes on.
    """
    rest = partial(asyncio.sleep, pause_s)
    sweeper = Sweeper(house, reads, rest)
    every = timedelta(0) if at_once else EVERY
    found: dict[str, Found] = {}
    for whole in (True,) if at_once else (False, True):
        for kind in KINDS:
            turn = await _take(
                house, kind, whole=whole, every=WHOLE_EVERY if whole and every else every
            )
            if turn:
                most = PAGES_AT_ONCE if whole and not at_once else MAX_PAGES
                found[kind] = found.get(kind, Found()) + await _go(sweeper, turn, most=most)
    report = SweepReport(found)
    if report.total.mended:
        log.warning("the mirror was mended", **_words(report.total))
    return report


async def _take(house: House, kind: str, *, whole: bool, every: timedelta) -> Turn | None:
    async with house.transaction(SYSTEM) as tx:
        return await store.take(
            tx,
            kind,
            whole=whole,
            every=every,
            lease=LEASE if every else timedelta(0),
            overlap=OVERLAP,
            reach=FIRST_REACH,
        )


async def _go(sweeper: Sweeper, turn: Turn, *, most: int) -> Found:
    """Read on from where the turn is, up to `most` pages."""
    found = Found()
    for _ in range(most):
        try:
            reply = await _page(sweeper.reads, turn, sweeper.rest)
        except (StripeForbidden, StripeNotFound, StripeRefused) as problem:
            return found + await _finish(sweeper.house, turn, skipped=str(problem))
        before, turn = turn, _moved(turn, reply)
        after = _lower_bound(turn, reply)
        until = min(before.reached or reply.since, reply.since)
        found += await sweeper.mend(turn, reply, after=after, until=until)
        if not reply.data["has_more"]:
            return found + await _finish(sweeper.house, turn)
    async with sweeper.house.transaction(SYSTEM) as tx:
        await store.rest(tx, turn, until_taken=LEASE)
    return found


async def _page(reads: Reads, turn: Turn, rest: Callable[[], Awaitable[None]]) -> Reply:
    await rest()
    listing = SYNCED[turn.kind]
    bounds: dict[str, Any] = {}
    if turn.since:
        bounds["created"] = {"gt": int(turn.since.timestamp())}
    cursor = {"starting_after": turn.cursor} if turn.cursor else {}
    filters = {**listing.filters, **bounds}
    try:
        return await reads.page(turn.kind, expand=listing.expand, **filters, **cursor)
    except StripeNotFound:
        if not turn.cursor or turn.reached is None:
            raise
    # The object that the cursor names was deleted meanwhile.
    bounds.setdefault("created", {})["lte"] = int(turn.reached.timestamp())
    return await reads.page(turn.kind, expand=listing.expand, **listing.filters, **bounds)


def _moved(turn: Turn, reply: Reply) -> Turn:
    items = reply.data["data"]
    if not items:
        return turn
    return replace(turn, cursor=items[-1]["id"], reached=from_unix(items[-1]["created"]))


def _lower_bound(turn: Turn, reply: Reply) -> datetime:
    """Return from when on the page lists everything; the end of the list lists all that is left."""
    if reply.data["has_more"] and turn.reached:
        return turn.reached
    return turn.since or _THE_BEGINNING


async def _finish(house: House, turn: Turn, *, skipped: str | None = None) -> Found:
    if skipped:
        log.warning("a kind cannot be swept", kind=turn.kind, problem=skipped)
    async with house.transaction(SYSTEM) as tx:
        await store.finish(tx, turn, skipped=skipped)
    return Found(skipped=skipped)


def _words(found: Found) -> dict[str, int]:
    return {"missing": found.missing, "different": found.different, "deleted": found.deleted}
