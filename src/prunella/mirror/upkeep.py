"""What a worker does for the mirror now and then: look whether Stripe answers, catch up, forget."""

import json
from contextlib import suppress
from datetime import timedelta

from prunella.connectors.stripe.errors import StripeProblem
from prunella.connectors.stripe.reads import Reads
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House
from prunella.mirror.freshness.store import note_contact, status
from prunella.mirror.inbox import store
from prunella.mirror.inbox.envelope import open_envelope

KEEP_DONE_FOR = timedelta(days=30)
FORGET_AT_ONCE = 10_000
OVERLAP = timedelta(hours=1)
"""Webhooks are not ordered: what lies this far behind the newest one may still be missing."""


async def probe(house: House, reads: Reads) -> bool:
    """Ask Stripe for one customer, to know whether it answers; the status shows what came out."""
    with suppress(StripeProblem):
        await reads.page("customer", limit=1)
    async with house.transaction(SYSTEM) as tx:
        await note_contact(tx, reads.contact)
        return (await status(tx)).reachable


async def catch_up(house: House, reads: Reads) -> int:
    """Put into the inbox what Stripe has told nobody: events of a time when no webhook got through.

    Stripe keeps events for 30 days and redelivers for three. Goes back to an hour before the
    newest event that was taken; without one there is nothing to catch up with. Returns how many
    events were looked at; those that came before are not stored again.
    """
    async with house.transaction(SYSTEM) as tx:
        newest = (await status(tx)).event_created
    if newest is None:
        return 0
    since = int((newest - OVERLAP).timestamp())
    seen = 0
    async for page in reads.events(since=since):
        envelopes = [open_envelope(json.dumps(event).encode()) for event in page.data["data"]]
        async with house.transaction(SYSTEM) as tx:
            await store.store(tx, envelopes)
        seen += len(envelopes)
    return seen


async def forget_done(house: House) -> int:
    """Drop events that were done 30 days ago; returns how many, at most `FORGET_AT_ONCE`."""
    async with house.transaction(SYSTEM) as tx:
        return await store.forget(tx, older_than=KEEP_DONE_FOR, most=FORGET_AT_ONCE)
