"""Reading a customer at Stripe again because somebody asked for it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from prunella import mirror
from prunella.connectors.stripe.errors import StripeProblem
from prunella.mirror import BusyObjectError
from prunella.people import Customer
from prunella.web.site import Site

log = structlog.get_logger()

PATIENCE_S = 8.0


async def read_again(site: Site, customer: Customer, *, patience_s: float = PATIENCE_S) -> bool:
    """Refresh what we know, at Stripe and in the company's own system at once.

    False when Stripe did not answer, and what we know stays. Takes `patience_s` at the most.
    """
    name = customer.stripe_customer
    if name is None:
        return True
    until = asyncio.get_running_loop().time() + patience_s
    readings = site.rooms.readings
    heard, _ = await asyncio.gather(
        _read_at_stripe(site, customer, name, until=until),
        _read_own_system(readings.read, name, until=until),
    )
    if heard:
        await _read_own_system(readings.read_if_older, name, until=until)
    return heard


async def _read_at_stripe(site: Site, customer: Customer, name: str, *, until: float) -> bool:
    rooms = site.rooms
    try:
        async with asyncio.timeout_at(until):
            await mirror.refresh_customer(rooms.house, rooms.reads, name)
    except (StripeProblem, BusyObjectError, TimeoutError) as error:
        log.info("not refreshed", customer=customer.id, reason=type(error).__name__)
        return False
    return True


async def _read_own_system(
    read: Callable[[str], Awaitable[object]], name: str, *, until: float
) -> None:
    """What the company's own system says holds nothing else up."""
    with suppress(TimeoutError):
        async with asyncio.timeout_at(until):
            await read(name)
