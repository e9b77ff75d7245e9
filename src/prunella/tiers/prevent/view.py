"""What pages ask of the plans. Pages of a customer show `Plan.for_customer` and nothing else."""

from prunella.kit.house import Tx
from prunella.tiers.prevent import store
from prunella.tiers.prevent.plan import Plan

MAX_LISTED = 50


async def plan_of(tx: Tx, invoice: str) -> Plan | None:
    """Return the recovery plan of an invoice; its steps in the order of the stem."""
    return await store.get(tx, invoice)


async def plans_of(tx: Tx, customer: str, limit: int = 20) -> list[Plan]:
    """Return a customer's (our id) plans, the newest first."""
    return await store.of_customer(tx, customer, min(limit, MAX_LISTED))
