"""The customer's balance: credit (negative) or debt (positive) that the next invoice takes up."""

from __future__ import annotations

from typing import Any

from prunella_sandbox.events import emit
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

KIND = "customer_balance_transaction"


def change(
    world: World,
    customer: Obj,
    *,
    amount: int,
    currency: str,
    kind: str,
    metadata: dict[str, str] | None = None,
    **links: Any,
) -> Obj:
    """Move the balance by `amount`; negative is in the customer's favour."""
    before = world.fresh(customer)
    ending = before["balance"] + amount
    after = world.update(before, balance=ending, currency=before["currency"] or currency)
    nothing: Obj = dict.fromkeys(
        ("checkout_session", "credit_note", "customer_account", "description", "invoice")
    )
    moved = world.insert(
        KIND,
        **(nothing | links),
        amount=amount,
        currency=currency,
        customer=before["id"],
        ending_balance=ending,
        livemode=False,
        metadata=metadata or {},
        type=kind,
    )
    emit(world, "customer.updated", after, before=before)
    return moved


def of_invoice(world: World, customer: Obj, *, currency: str) -> int:
    """Give the balance that an invoice in this currency may take up."""
    current = world.fresh(customer)
    if current.get("deleted") or current["currency"] not in {None, currency}:
        return 0
    return int(current["balance"])


def apply(world: World, invoice: Obj) -> Obj:
    """Take up the balance in an invoice that is being finalised; what is too much stays."""
    customer = world.find("customer", invoice["customer"])
    if customer is None or customer.get("deleted"):
        return world.update(invoice, ending_balance=0)
    starting = of_invoice(world, customer, currency=invoice["currency"])
    both = invoice["total"] + starting
    due, ending = max(0, both), min(0, both)
    if ending != starting:
        change(
            world,
            customer,
            amount=ending - starting,
            currency=invoice["currency"],
            kind="applied_to_invoice",
            invoice=invoice["id"],
        )
    return world.update(
        invoice,
        amount_due=due,
        amount_remaining=due,
        ending_balance=ending,
        starting_balance=starting,
    )


def unapply(world: World, invoice: Obj) -> None:
    """Give back what a voided invoice had taken up."""
    taken = (invoice["ending_balance"] or 0) - invoice["starting_balance"]
    customer = world.find("customer", invoice["customer"])
    if not taken or customer is None or customer.get("deleted"):
        return
    change(
        world,
        customer,
        amount=-taken,
        currency=invoice["currency"],
        kind="unapplied_from_invoice",
        invoice=invoice["id"],
    )
