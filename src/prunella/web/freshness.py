"""Reading a customer at Stripe again because somebody asked for it."""

import asyncio

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
    rooms = site.rooms
    try:
        async with asyncio.timeout(PATIENCE_S):
            await mirror.refresh_customer(rooms.house, rooms.reads, customer.stripe_customer)
    except (StripeProblem, BusyObjectError, TimeoutError) as error:
        log.info("not refreshed", customer=customer.id, reason=type(error).__name__)
        return False
    return True
