"""An account that the product signs in and we do not know yet.

One of Stripe's may be younger than its webhook: Stripe is asked for it there and then. Any other
name is never made an account by itself, for it may be mistyped in the product; whoever comes so
reaches a person, who is told by which name the product signed them in.
"""

import asyncio

import structlog

from prunella import mirror
from prunella.connectors.stripe.errors import StripeProblem
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import system_now
from prunella.kit.idempotency import is_first
from prunella.mirror import BusyObjectError
from prunella.people.customer import STRIPE_PREFIX
from prunella.web.site import Site

log = structlog.get_logger()

PATIENCE_S = 8.0
ASKED_EVERY_S = 60
"""A product that goes on with a name which nobody has does not use up our calls of Stripe."""


async def meet(site: Site, account: str) -> bool:
    """Ask Stripe for an account; whether we may know it now. The name was in a genuine token."""
    if not account.startswith(STRIPE_PREFIX):
        return False
    span = int(system_now().timestamp()) // ASKED_EVERY_S
    async with site.rooms.house.transaction(SYSTEM) as tx:
        if not await is_first(tx, scope="newcomer", key=f"{account}:{span}"):
            return False
    try:
        async with asyncio.timeout(PATIENCE_S):
            await mirror.refresh_customer(site.rooms.house, site.rooms.reads, account)
    except (StripeProblem, BusyObjectError, TimeoutError) as error:
        log.info("not met", account=account, reason=type(error).__name__)
        return False
    return True
