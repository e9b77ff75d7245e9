"""Staying in touch: where nothing happens, the mirror still knows whether Stripe answers."""

import structlog

from prunella.connectors.stripe.errors import StripeProblem
from prunella.connectors.stripe.reads import Reads
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House
from prunella.mirror.freshness.store import note_contact

log = structlog.get_logger()


async def keep_in_touch(house: House, reads: Reads) -> None:
    """Ask for the smallest thing, and keep whether and when Stripe answered."""
    try:
        await reads.page("customer", limit=1)
    except StripeProblem as problem:
        log.warning("Stripe does not answer", problem=type(problem).__name__)
    async with house.transaction(SYSTEM) as tx:
        await note_contact(tx, reads.contact)
