"""Reading a customer at Stripe again because somebody asked for it."""

import asyncio
from contextlib import suppress

import structlog

from prunella import mirror
from prunella.connectors.stripe.errors import StripeProblem
from prunella.mirror import BusyObjectError
from prunella.people import Customer
from prunella.web.site import Site

log = structlog.get_logger()

PATIENCE_S = 8.0


async def read_again(site: Site, customer: Customer) -> bool:
    """Refresh what we know; False when Stripe did not answer, and what we know stays."""
    if customer.stripe_customer is None:
        return True
    heard = await _read_at_stripe(site, customer, customer.stripe_customer)
    with suppress(TimeoutError):  # what the company's own system says holds nothing else up
        async with asyncio.timeout(PATIENCE_S):
            await site.rooms.readings.read(customer.stripe_customer)
    return heard


async def _read_at_stripe(site: Site, customer: Customer, name: str) -> bool:
    rooms = site.rooms
    try:
        async with asyncio.timeout(PATIENCE_S):
            await mirror.refresh_customer(rooms.house, rooms.reads, name)
    except (StripeProblem, BusyObjectError, TimeoutError) as error:
        log.info("not refreshed", customer=customer.id, reason=type(error).__name__)
        return False
    return True
