"""One step of the pump: claim events, judge them, ask Stripe where needed, store, emit.

No transaction is open while Stripe is asked. A claim is a lease: what a crash leaves behind is
taken again when the lease runs out, and an event is finished in the transaction that emits it.
"""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import timedelta

import structlog

from prunella.connectors.stripe.errors import StripeAway
from prunella.connectors.stripe.paths import API_VERSION, KNOWN_KINDS
from prunella.connectors.stripe.reads import Reads
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House
from prunella.mirror.freshness.store import note_contact
from prunella.mirror.inbox import store as inbox
from prunella.mirror.inbox.store import Claimed
from prunella.mirror.objects import store as objects
from prunella.mirror.objects.store import Mirrored
from prunella.mirror.taking.complete import Asking
from prunella.mirror.taking.judge import Notice, UnknownKindError, Work, judge, read_notice
from prunella.mirror.taking.settle import fail, give_back, settle

log = structlog.get_logger()

BATCH = 200
LEASE = timedelta(seconds=15)
ASK_FOR_S = 10.0
"""Shorter than the lease, so that events are given back before they are taken again."""


async def take_batch(house: House, reads: Reads, *, most: int = BATCH) -> int:
    """Take up to `most` events; returns how many were claimed, 0 when none waits."""
    async with house.transaction(SYSTEM) as tx:
        claimed = await inbox.claim(tx, most=most, lease=LEASE)
        known = await objects.find(tx, {e.object_id for e in claimed if e.object_id})
    if not claimed:
        return 0
    await house.clock.reach(max(event.created for event in claimed))
    works = await _judge(house, claimed, known)
    hard = await _settle_what_is_clear(house, works)
    if hard:
        await _ask(house, reads, hard)
    return len(claimed)


async def _judge(house: House, claimed: list[Claimed], known: Mapping[str, Mirrored]) -> list[Work]:
    """Sort the events by object. Those that cannot be read are failed, each by itself."""
    groups: dict[tuple[str, str], list[Notice]] = {}
    for event in claimed:
        try:
            notice = read_notice(event, known_kinds=KNOWN_KINDS)
        except Exception as error:  # noqa: BLE001 whatever is in a payload, the others go on
            once = isinstance(error, UnknownKindError)
            await fail(house, [event.event_id], error, at_once=once)
            continue
        groups.setdefault((event.kind, event.object_id or event.event_id), []).append(notice)
    return [
        judge(notices, known.get(name), api_version=API_VERSION)
        for (_, name), notices in groups.items()
    ]


async def _settle_what_is_clear(house: House, works: list[Work]) -> list[Work]:
    """Settle what Stripe need not be asked about; returns the rest."""
    async with house.transaction(SYSTEM) as tx:
        absent = await objects.unknown(tx, {name for work in works for _, name in work.needs})
    absent -= {str(work.first.object_id) for work in works}
    hard = [work for work in works if _asks(work, absent)]
    await settle(house, [work for work in works if work not in hard])
    return hard


def _asks(work: Work, absent: set[str]) -> bool:
    lacking = any(name in absent for _, name in work.needs)
    more = (work.payment_of, work.on_its_way, work.balance_of, work.gone_customer)
    return work.plan == "look" or any(more) or lacking


async def _ask(house: House, reads: Reads, works: list[Work]) -> None:
    asking = Asking(house, reads)
    tasks = {asyncio.create_task(asking.complete(work)): work for work in works}
    try:
        done, late = await asyncio.wait(tasks, timeout=ASK_FOR_S)
    finally:
        for task in tasks:
            task.cancel()
    away = [task for task in done if isinstance(task.exception(), StripeAway)]
    await settle(house, [tasks[task] for task in done if task.exception() is None])
    for task in done:
        await _fail(house, tasks[task], task.exception())
    why = str(away[0].exception()) if away else "Stripe answered too slowly."
    await give_back(house, _ids(tasks[task] for task in (*away, *late)), why=why)
    async with house.transaction(SYSTEM) as tx:
        await note_contact(tx, reads.contact)


async def _fail(house: House, work: Work, error: BaseException | None) -> None:
    if isinstance(error, Exception) and not isinstance(error, StripeAway):
        await fail(house, work.event_ids, error)


def _ids(works: Iterable[Work]) -> list[str]:
    return [name for work in works for name in work.event_ids]
