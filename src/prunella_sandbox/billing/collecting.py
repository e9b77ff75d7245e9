"""Collecting an invoice: which card, the try, and what follows from it."""

from __future__ import annotations

from prunella_sandbox.billing import dunning, intents, standing
from prunella_sandbox.billing.finalizing import payment_of
from prunella_sandbox.errors import CardDeclinedError, InvalidRequestError
from prunella_sandbox.events import emit
from prunella_sandbox.rendering import shown
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World


def method_for(world: World, invoice: Obj) -> Obj | None:
    """Choose what to charge: the invoice's own, then the subscription's, then the customer's."""
    subscription = world.find("subscription", invoice["_subscription"]) or {}
    customer = world.find("customer", invoice["customer"]) or {}
    chosen = (
        invoice["default_payment_method"]
        or invoice["default_source"]
        or subscription.get("default_payment_method")
        or subscription.get("default_source")
        or customer.get("invoice_settings", {}).get("default_payment_method")
        or customer.get("default_source")
    )
    method = world.find("payment_method", chosen)
    return method if method and method["customer"] == invoice["customer"] else None


def collect(world: World, invoice: Obj, *, is_automatic: bool = True) -> Obj:
    """Try to collect an open invoice with the payment method that is on file."""
    invoice = world.fresh(invoice)
    if not invoice["amount_remaining"]:
        return settle(world, invoice, is_free=True)
    method = method_for(world, invoice)
    if method is None:
        return _failed(world, invoice, is_automatic=is_automatic, held=None)
    return charge(world, invoice, method=method, off_session=True, is_automatic=is_automatic)


def charge(
    world: World, invoice: Obj, *, method: Obj, off_session: bool, is_automatic: bool
) -> Obj:
    """Try to collect an open invoice with this payment method.

    Raises:
        InvalidRequestError: the invoice is paid, void or a draft.
    """
    refuse_unpayable(world.fresh(invoice))
    intent = world.need("payment_intent", invoice["_payment_intent"])
    tried = intents.attempt(world, intent, method=method, off_session=off_session)
    return after_attempt(world, tried, is_automatic=is_automatic)


def refuse_unpayable(invoice: Obj) -> None:
    if invoice["status"] == "paid":
        raise InvalidRequestError(message="Invoice is already paid", code="invoice_already_paid")
    if invoice["status"] not in {"open", "uncollectible"}:
        message = f"This invoice can no longer be paid: it is {invoice['status']}."
        raise InvalidRequestError(message=message, code="invoice_not_open")


def after_attempt(world: World, intent: Obj, *, is_automatic: bool = False) -> Obj:
    """Carry the result of a try from the payment to its invoice."""
    invoice = world.need("invoice", intent["_invoice"])
    if intent["status"] == "succeeded":
        return settle(world, invoice, is_automatic=is_automatic)
    if intent["status"] == "processing":
        return _on_its_way(world, invoice)
    if intent["status"] == "requires_action":
        emit(world, "invoice.payment_action_required", invoice)
        return _failed(world, invoice, is_automatic=is_automatic, held=intent["payment_method"])
    refusal = intent["_refusal"]
    held = refusal["method"] if refusal and refusal["is_hard"] else None
    return _failed(world, invoice, is_automatic=is_automatic, held=held)


def _on_its_way(world: World, invoice: Obj) -> Obj:
    """Wait for a payment that takes days; until then nothing is tried, and the plan runs."""
    world.agenda.disarm("retry", invoice["id"])
    waiting = world.update(
        invoice,
        attempted=True,
        next_payment_attempt=None,
    )
    emit(world, "invoice.updated", waiting, before=invoice)
    standing.after_payment(world, waiting)
    return waiting


def settle(
    world: World,
    invoice: Obj,
    *,
    is_automatic: bool = False,
    off_stripe: bool = False,
    is_free: bool = False,
) -> Obj:
    """Mark an invoice as paid."""
    before = world.fresh(invoice)
    now = world.clock.unix()
    is_first = before["attempt_count"] == 0
    counts = not off_stripe and not is_free and (is_automatic or is_first)
    for timer in ("retry", "overdue"):
        world.agenda.disarm(timer, before["id"])
    paid = world.update(
        before,
        amount_paid=before["amount_due"],
        amount_remaining=0,
        attempt_count=before["attempt_count"] + (1 if counts else 0),
        attempted=True,
        auto_advance=False,
        next_payment_attempt=None,
        status="paid",
        status_transitions=before["status_transitions"] | {"paid_at": now},
        _held=None,
    )
    _settle_payment(world, paid, off_stripe=off_stripe or is_free)
    emit(world, "invoice.updated", paid, before=before)
    emit(world, "invoice.paid", paid)
    emit(world, "invoice.payment_succeeded", paid)
    standing.set_delinquent(world, paid["customer"], is_delinquent=False)
    standing.after_payment(world, paid)
    return paid


def _settle_payment(world: World, invoice: Obj, *, off_stripe: bool) -> None:
    payment = payment_of(world, invoice)
    if payment is None:
        return
    now = world.clock.unix()
    if off_stripe:
        intent = world.need("payment_intent", invoice["_payment_intent"])
        if intent["status"] in intents.CANCELABLE:
            intents.cancel(world, intent, reason="automatic")
        moments = payment["status_transitions"] | {"canceled_at": now}
        world.update(payment, status="canceled", status_transitions=moments)
        return
    moments = payment["status_transitions"] | {"paid_at": now}
    paid = world.update(
        payment, amount_paid=invoice["amount_paid"], status="paid", status_transitions=moments
    )
    emit(world, "invoice_payment.paid", paid)


def _failed(world: World, invoice: Obj, *, is_automatic: bool, held: str | None) -> Obj:
    failed = dunning.note_failure(world, invoice, is_automatic=is_automatic, held=held)
    emit(world, "invoice.updated", failed, before=invoice)
    emit(world, "invoice.payment_failed", failed)
    standing.after_failure(world, failed)
    standing.set_delinquent(world, failed["customer"], is_delinquent=True)
    if is_automatic and dunning.is_exhausted(world, failed):
        dunning.give_up(world, failed)
    return world.fresh(failed)


def retry(world: World, invoice_id: str) -> None:
    """Carry out an automatic try that fell due."""
    invoice = world.need("invoice", invoice_id)
    if invoice["status"] != "open" or not invoice["auto_advance"]:
        return
    method = method_for(world, invoice)
    if method and method["id"] == invoice["_held"]:
        skipped = dunning.skip(world, invoice)
        if dunning.is_exhausted(world, skipped):
            dunning.give_up(world, skipped)
        return
    collect(world, invoice)


def is_refused(world: World, invoice: Obj) -> bool:
    """Whether a try has failed: what is on its way has not."""
    intent = world.find("payment_intent", invoice["_payment_intent"])
    is_waiting = intent is not None and intent["status"] == "processing"
    return invoice["status"] != "paid" and not is_waiting


def failure_of(world: World, invoice: Obj) -> CardDeclinedError:
    """Word the last failure of an invoice as the error that its caller gets."""
    intent = world.need("payment_intent", invoice["_payment_intent"])
    if intent["status"] != "requires_action":
        return intents.declined(world, intent)
    message = (
        "This payment requires additional user action before it can be completed successfully. "
        "Payment can be completed using the PaymentIntent associated with the invoice."
    )
    code = "invoice_payment_intent_requires_action"
    extra = {"payment_intent": shown(world, intent)}
    return CardDeclinedError(message=message, code=code, extra=extra)


def nothing_to_charge() -> InvalidRequestError:
    message = (
        "There is no `default_payment_method` set on this Customer or Invoice. Please set either "
        "value before attempting to pay this invoice, or pass a `payment_method`."
    )
    return InvalidRequestError(message=message, code="missing")
