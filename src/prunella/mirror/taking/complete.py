"""Asks Stripe for what a batch cannot know by itself; nothing is stored here."""

import asyncio
from contextlib import suppress

import structlog

from prunella.connectors.stripe.errors import (
    StripeAway,
    StripeForbidden,
    StripeNotFound,
    StripeProblem,
)
from prunella.connectors.stripe.reads import Reads
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House
from prunella.mirror.objects import store
from prunella.mirror.objects.seen import Seen, missing, unfold, unfold_page
from prunella.mirror.taking.judge import SAME_AS, Work

log = structlog.get_logger()

MAX_AT_ONCE = 8
MAX_NEEDED = 8
"""Of the objects that one object refers to, so many are fetched when they are missing."""


class Asking:
    """Completes works, a few at a time; once Stripe is away, the rest is not even tried."""

    def __init__(self, house: House, reads: Reads) -> None:
        self._house = house
        self._reads = reads
        self._turns = asyncio.Semaphore(MAX_AT_ONCE)
        self._away: StripeAway | None = None

    async def complete(self, work: Work) -> None:
        async with self._turns:
            if self._away:
                raise self._away
            try:
                await self._look(work)
                await self._look_at_payments(work)
                await self._look_at_balance(work)
                await self._look_at_what_is_left(work)
                await self._look_at_needed(work)
            except StripeAway as away:
                self._away = away
                raise

    async def _look(self, work: Work) -> None:
        """Read the object itself when its events cannot say what is true now."""
        if work.plan != "look":
            return
        name = str(work.first.object_id)
        kind = SAME_AS.get(work.first.kind, work.first.kind)
        reply = await self._reads.look(kind, name)
        if reply:
            work.put, *inner = unfold(reply.data, since=reply.since, until=reply.until)
            work.extras += inner
            return
        last = work.known.data if work.known else work.notices[-1].data
        work.put = missing(kind, name, at=work.latest, last=last)

    async def _look_at_payments(self, work: Work) -> None:
        """Read what pays the invoice, or what a payment pays: no other object names both."""
        if work.payment_of:
            reply = await self._reads.invoice_payments(work.payment_of)
            work.extras += unfold_page(reply.data, since=reply.since, until=reply.until)
        if work.on_its_way:
            reply = await self._reads.invoices_paid_by(work.on_its_way)
            work.extras += unfold_page(reply.data, since=reply.since, until=reply.until)

    async def _look_at_balance(self, work: Work) -> None:
        if work.balance_of is None:
            return
        with suppress(StripeNotFound, StripeForbidden):
            reply = await self._reads.balance_transactions(work.balance_of)
            work.extras += unfold_page(reply.data, since=reply.since, until=reply.until)

    async def _look_at_what_is_left(self, work: Work) -> None:
        """Read again what a deleted customer had in use."""
        if work.gone_customer is None:
            return
        async with self._house.transaction(SYSTEM) as tx:
            left = await store.in_use(tx, work.gone_customer)
        for kind, name in left:
            work.extras += await self._one_needed(kind, name, work)

    async def _look_at_needed(self, work: Work) -> None:
        """Read what the object refers to and the mirror lacks."""
        here = {seen.id for seen in work.sights}
        needed = {(kind, name) for kind, name in work.needs if name not in here}
        if not needed:
            return
        async with self._house.transaction(SYSTEM) as tx:
            absent = await store.unknown(tx, (name for _, name in needed))
        wanted = sorted((kind, name) for kind, name in needed if name in absent)
        for kind, name in wanted[:MAX_NEEDED]:
            work.extras += await self._one_needed(kind, name, work)

    async def _one_needed(self, kind: str, name: str, work: Work) -> list[Seen]:
        try:
            reply = await self._reads.look(kind, name)
        except StripeAway:
            raise
        except StripeProblem as problem:
            log.warning("a referenced object cannot be read", object=name, problem=str(problem))
            return []
        if reply is None:
            return [missing(kind, name, at=work.latest)]
        return unfold(reply.data, since=reply.since, until=reply.until)
