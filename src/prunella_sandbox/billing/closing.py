"""The ways an invoice ends without money: void, uncollectible, no longer collected."""

from __future__ import annotations

from prunella_sandbox.billing import balances, intents, standing
from prunella_sandbox.billing.finalizing import payment_of
from prunella_sandbox.errors import InvalidRequestError
from prunella_sandbox.events import emit
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

TIMERS = ("finalize", "retry", "overdue")


def void(world: World, invoice: Obj) -> Obj:
    """Void an open invoice.

    Raises:
        InvalidRequestError: it is neither open nor uncollectible.
    """
    before = _in_status(world, invoice, ("open", "uncollectible"), verb="voided")
    _cancel_payment(world, before)
    voided = _close(world, before, status="void", moment="voided_at")
    emit(world, "invoice.voided", voided)
    balances.unapply(world, voided)
    standing.after_write_off(world, voided)
    return voided


def mark_uncollectible(world: World, invoice: Obj) -> Obj:
    before = _in_status(world, invoice, ("open",), verb="marked uncollectible")
    marked = _close(world, before, status="uncollectible", moment="marked_uncollectible_at")
    emit(world, "invoice.marked_uncollectible", marked)
    standing.set_delinquent(world, marked["customer"], is_delinquent=False)
    standing.after_write_off(world, marked)
    return marked


def stop_collecting(world: World, invoice: Obj) -> Obj:
    """Leave an unpaid invoice as it is, without further tries."""
    for timer in TIMERS:
        world.agenda.disarm(timer, invoice["id"])
    before = world.fresh(invoice)
    stopped = world.update(
        before, auto_advance=False, automatically_finalizes_at=None, next_payment_attempt=None
    )
    emit(world, "invoice.updated", stopped, before=before)
    return stopped


def _in_status(world: World, invoice: Obj, allowed: tuple[str, ...], *, verb: str) -> Obj:
    current = world.fresh(invoice)
    if current["status"] not in allowed:
        message = (
            f"You can only pass in open invoices. This invoice isn't open and cannot be {verb}."
        )
        raise InvalidRequestError(message=message, code="invoice_not_open", extra={})
    return current


def _cancel_payment(world: World, invoice: Obj) -> None:
    intent = world.find("payment_intent", invoice["_payment_intent"])
    if intent and intent["status"] in intents.CANCELABLE:
        intents.cancel(world, intent, reason="void_invoice")
    payment = payment_of(world, invoice)
    if payment and payment["status"] == "open":
        moments = payment["status_transitions"] | {"canceled_at": world.clock.unix()}
        world.update(payment, status="canceled", status_transitions=moments)


def _close(world: World, before: Obj, *, status: str, moment: str) -> Obj:
    for timer in TIMERS:
        world.agenda.disarm(timer, before["id"])
    closed = world.update(
        before,
        auto_advance=False,
        next_payment_attempt=None,
        status=status,
        status_transitions=before["status_transitions"] | {moment: world.clock.unix()},
    )
    emit(world, "invoice.updated", closed, before=before)
    return closed
