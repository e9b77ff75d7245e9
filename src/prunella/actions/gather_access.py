"""Facts about what a customer may use, for policy; the company's own system is not waited for."""

from collections.abc import Mapping

from prunella.actions.action import ActionRequest
from prunella.actions.ownership import owned
from prunella.actions.policy import Entitlement
from prunella.diagnostics import entitlement_of
from prunella.kit.house import Tx
from prunella.people import Customer

_DIFFERS: Mapping[str, str] = {
    "uses_less": "missing",
    "uses_more": "surplus",
    "uses_the_same": "none",
}


async def access(tx: Tx, customer: Customer, asked: ActionRequest) -> Entitlement:
    """Raises `NotTheirsError`."""
    await owned(tx, customer, asked.target, {"customer"})
    known = await entitlement_of(tx, customer)
    if known is None:
        return Entitlement(differs="unknown")
    return Entitlement(differs=_DIFFERS.get(known.compared, "unknown"), writable=known.writable)
