"""What pages and the API ask the ledger for."""

from prunella.actions import store, store_urls
from prunella.actions.action import Action, Step
from prunella.kit.clock import system_now
from prunella.kit.house import Tx

MAX_LISTED = 200


async def get(tx: Tx, action: str) -> Action | None:
    return await store.get(tx, action)


async def steps(tx: Tx, action: str) -> list[Step]:
    """Return the life of an action, oldest first."""
    return await store.steps(tx, action)


async def of_customer(tx: Tx, customer: str, limit: int = 50) -> list[Action]:
    """Return a customer's (our id) newest actions first."""
    return await store.of_customer(tx, customer, min(limit, MAX_LISTED))


async def take_url(tx: Tx, action: str) -> str | None:
    """Return the address that an action opened, once; then it is gone here."""
    return await store_urls.take(tx, action, now=system_now())
