"""Who of the staff looked at whose data, for the audit log."""

from typing import Literal

from prunella import audit
from prunella.kit.house import Tx
from prunella.kit.idempotency import is_first

A_LOOK_S = 600
"""What is opened again within this time is still the same look."""
Because = Literal["account", "action", "case", "file", "mail"]
"""What they looked at it for: the account itself, or something of it."""


async def note_look(tx: Tx, customer: str, *, because: Because, seen: str = "") -> None:
    """Write down that this person of the staff looked at this customer's data.

    `seen` is what they opened, where it is not the account itself: each is a look of its own.
    """
    if tx.actor.kind != "staff":
        return
    span = int(tx.now.timestamp()) // A_LOOK_S
    if await is_first(tx, scope=f"look:{tx.actor}", key=f"{seen or customer}:{span}"):
        after = {"seen": seen} if seen else None
        await audit.record(
            tx, "customer.viewed", customer, customer=customer, because=because, after=after
        )
