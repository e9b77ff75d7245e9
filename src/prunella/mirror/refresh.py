"""Re-reading from Stripe on demand."""

import asyncio
from collections.abc import Awaitable
from functools import partial

from prunella.connectors.stripe.errors import StripeForbidden, StripeNotFound
from prunella.connectors.stripe.paths import EXPAND_CUSTOMER
from prunella.connectors.stripe.reads import Reads, Reply
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House, Tx
from prunella.mirror.freshness.store import note_contact
from prunella.mirror.objects import store
from prunella.mirror.objects.seen import Seen, missing, unfold, unfold_page
from prunella.mirror.objects.store import Mirrored

MAX_TRIES = 4
MAX_INVOICES_WITH_PAYMENTS = 5
MAX_CHARGES_WITH_MORE = 10


class BusyObjectError(Exception):
    """The object changed each time it was read. The mirror has a recent state of it."""


async def refresh(house: House, reads: Reads, kind: str, id: str) -> Mirrored | None:  # noqa: A002 Stripe's word
    """Read one object from Stripe and store it; None when Stripe never had it.

    With an invoice come its payments, their intents, newest charges and methods.
    Raises the tree of connectors.stripe.errors.
    """
    for _ in range(MAX_TRIES):
        async with house.transaction(SYSTEM) as tx:
            known = await store.get(tx, id)
        sights = await _look(reads, kind, id, known)
        stored = await house.transact(
            SYSTEM, partial(_put, sights=sights, known=known, reads=reads)
        )
        if not sights:
            return None
        if stored:
            await store.adopt_late(house, sights)
            async with house.transaction(SYSTEM) as tx:
                return await store.get(tx, id)
    raise BusyObjectError


async def _put(tx: Tx, *, sights: list[Seen], known: Mirrored | None, reads: Reads) -> bool:
    """Store an object and what came with it; False where another was faster."""
    versions = {known.id: known.version} if known else {}
    stored = await store.put_over(tx, sights[:1], versions)
    await store.put_newer(tx, sights[1:])
    # Last, as everywhere: its one row is waited for with the objects' rows in hand.
    await note_contact(tx, reads.contact)
    return bool(stored)


async def refresh_customer(house: House, reads: Reads, stripe_customer: str) -> None:
    """Read again what a diagnosis of this customer needs.

    Raises the tree of connectors.stripe.errors; StripeNotFound when there is no such customer.
    However it ends, that Stripe answered or did not is kept; being cancelled counts as no answer.
    """
    try:
        await _refresh_customer(house, reads, stripe_customer)
    except asyncio.CancelledError:
        reads.contact.failed_at = house.clock.now()
        reads.contact.problem = "no answer in time"
        raise
    finally:
        await asyncio.shield(_note_contact(house, reads))


async def _note_contact(house: House, reads: Reads) -> None:
    async with house.transaction(SYSTEM) as tx:
        await note_contact(tx, reads.contact)


async def _refresh_customer(house: House, reads: Reads, stripe_customer: str) -> None:
    async with house.transaction(SYSTEM) as tx:
        versions = await store.versions_of(tx, stripe_customer)
    customer = await reads.look("customer", stripe_customer, expand=EXPAND_CUSTOMER)
    if customer is None:
        await refresh(house, reads, "customer", stripe_customer)
        raise StripeNotFound
    pages = await _pages_of(reads, stripe_customer)
    sights = unfold(customer.data, since=customer.since, until=customer.until)
    sights += [seen for page in pages for seen in _of_page(page)]
    latest = list({seen.id: seen for seen in sights}.values())
    await house.transact(SYSTEM, lambda tx: store.put_over(tx, latest, versions))
    await store.adopt_late(house, latest)


async def _pages_of(reads: Reads, stripe_customer: str) -> list[Reply]:
    invoices, charges, *others = await asyncio.gather(
        reads.page("invoice", customer=stripe_customer, limit=24),
        reads.page("charge", customer=stripe_customer, limit=40),
        reads.payment_methods(stripe_customer),
        reads.page("subscription", customer=stripe_customer, status="all", limit=20),
        reads.page("payment_intent", customer=stripe_customer, limit=40),
        reads.page("checkout.session", customer=stripe_customer, limit=10),
    )
    optional = await asyncio.gather(
        _if_any(reads.page("setup_intent", customer=stripe_customer, limit=10)),
        _if_any(reads.page("credit_note", customer=stripe_customer, limit=24)),
        _if_any(reads.balance_transactions(stripe_customer, limit=40)),
    )
    found = [invoices, charges, *others, *(reply for reply in optional if reply)]
    payments = await _payments_of(reads, invoices)
    return found + payments + await _money_back_of(reads, charges)


async def _if_any(asking: Awaitable[Reply]) -> Reply | None:
    """Do without what this key may not read, or this account does not have."""
    try:
        return await asking
    except (StripeForbidden, StripeNotFound):
        return None


async def _money_back_of(reads: Reads, charges: Reply) -> list[Reply]:
    """Read refunds and disputes: Stripe lists them by charge, not by customer."""
    items = charges.data["data"]
    back = [item["id"] for item in items if item.get("amount_refunded")]
    disputed = [item["id"] for item in items if item.get("disputed")]
    return await asyncio.gather(
        *(reads.page("refund", charge=name, limit=40) for name in back[:MAX_CHARGES_WITH_MORE]),
        *(
            reads.page("dispute", charge=name, limit=20)
            for name in disputed[:MAX_CHARGES_WITH_MORE]
        ),
    )


async def _payments_of(reads: Reads, invoices: Reply) -> list[Reply]:
    """Read the payments of the open invoices, of the newest one in any case."""
    open_ones = [item for item in invoices.data["data"] if item["status"] == "open"]
    chosen = {item["id"]: item for item in [*invoices.data["data"][:1], *open_ones]}
    names = list(chosen)[:MAX_INVOICES_WITH_PAYMENTS]
    return await asyncio.gather(*(reads.invoice_payments(name) for name in names))


async def _look(reads: Reads, kind: str, id: str, known: Mirrored | None) -> list[Seen]:  # noqa: A002 Stripe's word
    reply = await reads.look(kind, id)
    if reply is None:
        return [missing(kind, id, at=known.as_of_until, last=known.data)] if known else []
    sights = unfold(reply.data, since=reply.since, until=reply.until)
    return sights + (_of_page(await reads.invoice_payments(id)) if kind == "invoice" else [])


def _of_page(reply: Reply) -> list[Seen]:
    return list(unfold_page(reply.data, since=reply.since, until=reply.until))
