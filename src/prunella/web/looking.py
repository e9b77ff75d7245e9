"""Who of the staff looked at whose data, for the audit log."""

from prunella import audit
from prunella.kit.house import Tx
from prunella.kit.idempotency import recall, remember

A_LOOK_S = 600
"""What is opened again within this time is still the same look."""


async def note_look(tx: Tx, customer: str) -> None:
    """Write down that this person of the staff looked at this customer's data."""
    if tx.actor.kind != "staff":
        return
    span = int(tx.now.timestamp()) // A_LOOK_S
    scope, key = f"look:{tx.actor}", f"{customer}:{span}"
    if await recall(tx, scope=scope, key=key, request={}) is not None:
        return
    await remember(tx, scope=scope, key=key, result={})
    await audit.record(tx, "customer.viewed", customer, customer=customer)
