"""Reading a customer at Stripe again because somebody asked for it."""

import asyncio

import structlog

from prunella import mirror
from prunella.connectors.stripe.errors import StripeProblem
from prunella.kit.actor import SYSTEM
from prunella.mirror import BusyObjectError
from prunella.mirror.freshness.store import note_contact
from prunella.people import Customer
from prunella.web.site import Site

log = structlog.get_logger()

PATIENCE_S = 8.0


async def read_again(site: Site, customer: Customer) -> bool:
    """Refresh what we know; False when Stripe did not answer, and what we know stays."""
    if customer.stripe_customer is None:
        return True
    rooms = site.rooms
    try:
        async with asyncio.timeout(PATIENCE_S):
            await mirror.refresh_customer(rooms.house, rooms.reads, customer.stripe_customer)
    except (StripeProblem, BusyObjectError, TimeoutError) as error:
        log.info("not refreshed", customer=customer.id, reason=type(error).__name__)
        await _note_silence(site, late=isinstance(error, TimeoutError))
        return False
    return True


async def _note_silence(site: Site, *, late: bool) -> None:
    """Keep that Stripe did not answer, so that every page says as of when it speaks."""
    rooms = site.rooms
    contact = rooms.reads.contact
    if late:
        contact.failed_at, contact.problem = rooms.house.clock.now(), "no answer in time"
    async with rooms.house.transaction(SYSTEM) as tx:
        await note_contact(tx, contact)
