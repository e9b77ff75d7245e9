"""Finalising: a draft gets its number, its payment, and can no longer change."""

from __future__ import annotations

from prunella_sandbox.billing import balances, intents
from prunella_sandbox.errors import InvalidRequestError
from prunella_sandbox.events import emit
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

DAY = 24 * 3600


def finalize(world: World, invoice: Obj) -> Obj:
    """Open a draft; what is due nothing is paid at once by the caller's next step.

    Raises:
        InvalidRequestError: it is no draft.
    """
    before = world.fresh(invoice)
    if before["status"] != "draft":
        message = "This invoice is already finalized, you can't re-finalize a non-draft invoice."
        raise InvalidRequestError(message=message, code="invoice_not_editable")
    now = world.clock.unix()
    world.agenda.disarm("finalize", before["id"])
    opened = world.update(
        before,
        automatically_finalizes_at=None,
        due_date=_due_date(before, now),
        effective_at=before["effective_at"] or now,
        next_payment_attempt=None,
        number=before["number"] or _next_number(world, before["customer"]),
        status="open",
        status_transitions=before["status_transitions"] | {"finalized_at": now},
    )
    opened = _with_payment(world, balances.apply(world, opened))
    _note_on_subscription(world, opened)
    emit(world, "invoice.finalized", opened)
    if opened["collection_method"] == "send_invoice":
        world.agenda.arm("overdue", opened["id"], at=opened["due_date"])
    return opened


def _due_date(invoice: Obj, now: int) -> int | None:
    if invoice["collection_method"] != "send_invoice":
        return None
    days = invoice["_days_until_due"]
    return invoice["due_date"] or now + (30 if days is None else days) * DAY


def _next_number(world: World, customer_id: str) -> str:
    customer = world.store.get("customer", customer_id) or {}
    if customer.get("deleted"):
        return f"{world.new_secret(8).upper()}-0001"
    sequence = customer["next_invoice_sequence"]
    world.update(customer, next_invoice_sequence=sequence + 1)
    return f"{customer['invoice_prefix']}-{sequence:04d}"


def _with_payment(world: World, invoice: Obj) -> Obj:
    if not invoice["amount_due"]:
        return invoice
    intent = intents.open_intent(
        world,
        amount=invoice["amount_due"],
        currency=invoice["currency"],
        customer=invoice["customer"],
        description=_description(invoice),
        setup_future_usage="off_session" if invoice["parent"] else None,
        _invoice=invoice["id"],
    )
    world.insert(
        "invoice_payment",
        amount_paid=None,
        amount_requested=invoice["amount_due"],
        currency=invoice["currency"],
        invoice=invoice["id"],
        is_default=True,
        livemode=False,
        payment={"payment_intent": intent["id"], "type": "payment_intent"},
        status="open",
        status_transitions={"canceled_at": None, "paid_at": None},
        id=f"inpay_1{invoice['id'].removeprefix('in_1')}",
    )
    return world.update(invoice, _payment_intent=intent["id"])


def payment_of(world: World, invoice: Obj) -> Obj | None:
    """Find the invoice's own payment; its id is derived from the invoice's."""
    return world.find("invoice_payment", f"inpay_1{invoice['id'].removeprefix('in_1')}")


def _description(invoice: Obj) -> str | None:
    words = {
        "subscription_create": "Subscription creation",
        "subscription_cycle": "Subscription update",
        "subscription_update": "Subscription update",
    }
    described: str | None = invoice["description"]
    return words.get(invoice["billing_reason"], described)


def _note_on_subscription(world: World, invoice: Obj) -> None:
    subscription = world.find("subscription", invoice["_subscription"])
    if subscription:
        world.update(subscription, _newest_finalized=invoice["id"])
