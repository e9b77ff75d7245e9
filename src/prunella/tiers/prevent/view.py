"""What pages ask of the plans. Pages of a customer show `Plan.for_customer` and nothing else."""

from prunella import people
from prunella.kit.house import Tx
from prunella.tiers.prevent import store
from prunella.tiers.prevent.plan import Plan

MAX_LISTED = 50


async def plan_of(tx: Tx, invoice: str) -> Plan | None:
    """Return the recovery plan of an invoice; its steps in the order of the stem."""
    return await store.get(tx, invoice)


async def plans_of(tx: Tx, customer: str, limit: int = 20) -> list[Plan]:
    """Return the plans of a customer's account (our id), the newest first."""
    names = await people.names_of_account(tx, customer)
    return await store.of_customer(tx, names, min(limit, MAX_LISTED))
