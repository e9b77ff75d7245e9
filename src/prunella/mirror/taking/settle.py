"""Stores what was judged; the events of it are finished and told in the same transaction."""

import random
from collections.abc import Sequence
from datetime import timedelta

import structlog
from psycopg import OperationalError

from prunella.kit.actor import SYSTEM
from prunella.kit.events import Event
from prunella.kit.house import CLASH, House, Tx
from prunella.mirror.freshness.store import note_taken
from prunella.mirror.inbox import store as inbox
from prunella.mirror.objects import store as objects
from prunella.mirror.taking.judge import Notice, Work

log = structlog.get_logger()

MAX_ATTEMPTS = 5
FIRST_PAUSE_S = 1.0
AWAY_PAUSE_S = 5.0
TOLD = (
    "invoice.",
    "charge.",
    "checkout.session.",
    "payment_method.",
    "customer.",
    "setup_intent.",
    "payment_intent.",
    "refund.",
)
"""Events of these types are told to the house."""


async def settle(house: House, works: Sequence[Work]) -> None:
    """Store all together; when that cannot be, by halves, so that only what is bad fails."""
    if not works:
        return
    try:
        await house.transact(SYSTEM, lambda tx: _store(tx, works))
        await objects.adopt_late(house, (seen for work in works for seen in work.sights))
    except Exception as error:
        if _database_is_away(error):
            raise
        if len(works) == 1:
            await fail(house, works[0].event_ids, error)
            return
        middle = len(works) // 2
        await settle(house, works[:middle])
        await settle(house, works[middle:])


async def fail(
    house: House, event_ids: list[str], error: Exception, *, at_once: bool = False
) -> None:
    """Count an attempt against the events; after the last one, or at once, they are put aside."""
    log.warning("events could not be handled", events=event_ids[:10], problem=repr(error)[:300])
    why = f"{type(error).__name__}: {error}"[:500].replace("\0", "")
    async with house.transaction(SYSTEM) as tx:
        await inbox.fail(
            tx,
            event_ids,
            again_in=_pause(FIRST_PAUSE_S),
            most=1 if at_once else MAX_ATTEMPTS,
            why=why.encode("utf-8", "replace").decode(),
        )


async def give_back(house: House, event_ids: list[str], *, why: str) -> None:
    if not event_ids:
        return
    async with house.transaction(SYSTEM) as tx:
        await inbox.release(tx, event_ids, again_in=_pause(AWAY_PAUSE_S), why=why)


async def _store(tx: Tx, works: Sequence[Work]) -> None:
    puts = [work.put for work in works if work.put]
    versions = {work.known.id: work.known.version for work in works if work.known}
    stored = await objects.put_over(tx, puts, versions)
    await objects.put_newer(tx, (seen for work in works for seen in work.extras))
    on_time = [work for work in works if work.put is None or work.put.id in stored]
    too_late = [name for work in works if work not in on_time for name in work.event_ids]
    await inbox.release(tx, too_late, again_in=timedelta(0), why="Another was faster.")
    await _tell(tx, [notice for work in on_time for notice in work.notices])


async def _tell(tx: Tx, notices: Sequence[Notice]) -> None:
    """Finish the events, and emit those that this transaction finished."""
    if not notices:
        return
    finished = await inbox.finish(tx, [notice.event.event_id for notice in notices])
    owners = await objects.owners(tx, {n.event.object_id for n in notices if n.event.object_id})
    for notice in sorted(notices, key=lambda n: (n.event.created, n.event.event_id)):
        event = notice.event
        if event.event_id in finished and event.type.startswith(TOLD):
            await tx.emit(_event_of(notice, owners.get(event.object_id or "")))
    await note_taken(tx, max(notice.event.created for notice in notices))


def _event_of(notice: Notice, owner: str | None) -> Event:
    """Return the house's event. `customer` is ours to know above; here it is Stripe's, as data."""
    event = notice.event
    named = notice.data.get("customer") or notice.previous.get("customer")
    customer = owner or (named if isinstance(named, str) else None)
    data = {"customer": customer, "kind": event.kind, "event": event.event_id}
    return Event(name=f"stripe.{event.type}", subject=event.object_id or event.event_id, data=data)


def _pause(seconds: float) -> timedelta:
    return timedelta(seconds=seconds * random.uniform(0.7, 1.3))  # noqa: S311 jitter


def _database_is_away(error: Exception) -> bool:
    """Tell a lost connection from data that cannot be stored."""
    return isinstance(error, OperationalError) and not isinstance(error, CLASH)
