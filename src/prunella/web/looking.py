"""Who of the staff looked at whose data, for the audit log."""

from prunella import audit
from prunella.kit.house import Tx
from prunella.kit.idempotency import is_first

A_LOOK_S = 600
"""What is opened again within this time is still the same look."""


async def note_look(tx: Tx, customer: str) -> None:
    """Write down that this person of the staff looked at this customer's data."""
    if tx.actor.kind != "staff":
        return
    span = int(tx.now.timestamp()) // A_LOOK_S
    if await is_first(tx, scope=f"look:{tx.actor}", key=f"{customer}:{span}"):
        await audit.record(tx, "customer.viewed", customer, customer=customer)
