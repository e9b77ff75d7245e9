"""Who of the staff looked at whose data, for the audit log."""

from prunella import audit
from prunella.kit.idempotency import recall, remember
from prunella.people import Customer
from prunella.web.visits import Shift

A_LOOK_S = 600
"""A page that is loaded again within this time is still the same look."""


async def note_look(here: Shift, customer: Customer) -> None:
    """Write down that this person looked at this customer's data."""
    span = int(here.tx.now.timestamp()) // A_LOOK_S
    scope, key = f"look:{here.session.csrf}", f"{customer.id}:{span}"
    if await recall(here.tx, scope=scope, key=key, request={}) is not None:
        return
    await remember(here.tx, scope=scope, key=key, result={})
    await audit.record(here.tx, "customer.viewed", customer.id, customer=customer.id)
