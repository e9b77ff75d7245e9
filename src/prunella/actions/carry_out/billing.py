"""Money that goes back, and bills that are put right or ended, as they are asked of Stripe."""

from prunella.actions.action import Action
from prunella.actions.carry_out.call import Call
from prunella.actions.look_billing import begun_correction
from prunella.connectors.stripe.writes import Done, Refused


async def refund(call: Call) -> Done:
    action = call.action
    return await call.writes.refund(
        charge=action.target,
        amount=action.amount or 0,
        currency=action.currency or "",
        reason=_why(action),
        key=action.id,
    )


async def credit_balance(call: Call) -> Done:
    action = call.action
    return await call.writes.credit_balance(
        customer=action.target,
        amount=action.amount or 0,
        currency=action.currency or "",
        key=action.id,
    )


async def credit_note(call: Call) -> Done:
    action = call.action
    return await call.writes.credit_note(
        invoice=action.target,
        amount=action.amount or 0,
        currency=action.currency or "",
        to_balance=action.params["how"] == "balance",
        key=action.id,
    )


async def void_invoice(call: Call) -> Done:
    return await call.writes.void_invoice(invoice=call.action.target, key=call.action.id)


async def correct_invoice(call: Call) -> Done:
    """The new invoice is collected as the one that it corrects."""
    action = call.action
    corrected = await call.read(call.reads.get("invoice", action.target))
    if corrected is None:
        raise Refused(kind="refused", code="resource_missing")
    begun = await call.read(begun_correction(call.reads, action, customer=corrected["customer"]))
    return await call.writes.correct_invoice(
        corrected=corrected,
        begun=begun,
        amount=action.amount or 0,
        currency=action.currency or "",
        key=action.id,
    )


async def cancel_subscription(call: Call) -> Done:
    return await call.writes.cancel_subscription(
        subscription=call.action.target, how=call.action.params["how"], key=call.action.id
    )


def _why(action: Action) -> str | None:
    """Stripe's word for it. Never `fraudulent`, which blocks the card for good."""
    if action.reason == "duplicate":
        return "duplicate"
    return "requested_by_customer" if action.requested_by.kind == "customer" else None
