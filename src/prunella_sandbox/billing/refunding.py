"""Refunds: back to the card that paid, never more than was paid.

A pending refund counts as refunded, as at Stripe; one that fails or is canceled gives the amount
back to the charge. The test card …7726 leaves refunds pending for an hour, …5126 lets them succeed
and fail an hour later. For any card `metadata[sandbox_refund]` says `pending`, `failed` or
`requires_action`; such a refund stays until an update of the metadata to `succeeded`, `failed` or
`canceled` ends it.
"""

from __future__ import annotations

from typing import Any

from prunella_sandbox.billing import disputing, funds
from prunella_sandbox.cards import card_of_number
from prunella_sandbox.errors import InvalidRequestError
from prunella_sandbox.events import emit
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

SETTLES_AFTER_SECONDS = 3600
WISHES = {"pending", "failed", "requires_action"}
GIVEN_BACK = {"failed", "canceled"}
ENDS = {"succeeded", "failed", "canceled"}


def refund(
    world: World,
    charge: Obj,
    *,
    amount: int | None,
    reason: str | None,
    metadata: dict[str, str],
) -> Obj:
    """Refund a charge, in full or in part.

    Raises:
        InvalidRequestError: it is disputed, or less is left than was asked for.
    """
    left = refundable(charge)
    _refuse_impossible(world, charge, left)
    wanted = left if amount is None else amount
    if not 0 < wanted <= left:
        message = (
            f"Refund amount ({wanted}) is greater than unrefunded amount on charge ({left})"
            if wanted > left
            else "Invalid positive integer"
        )
        raise InvalidRequestError(message=message, param="amount")
    refunded = _record(world, charge, wanted, reason=reason, metadata=metadata)
    _count(world, charge["id"], wanted)
    emit(world, "refund.created", refunded)
    disputing.end_inquiry(world, world.fresh(charge))
    return refunded


def refundable(charge: Obj) -> int:
    return int(charge["amount_captured"] - charge["amount_refunded"])


def _refuse_impossible(world: World, charge: Obj, left: int) -> None:
    if charge["status"] != "succeeded":
        message = f"Charge {charge['id']} did not succeed, so there is nothing to refund."
        raise InvalidRequestError(message=message, code="charge_not_refundable")
    if not charge["captured"] and not charge["refunded"]:
        message = f"Charge {charge['id']} has not been captured. Cancel its PaymentIntent instead."
        raise InvalidRequestError(message=message, code="charge_not_refundable")
    if not disputing.is_refundable(world, charge):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise InvalidRequestError(message=message, code="charge_disputed")
    if left <= 0:
        message = f"Charge {charge['id']} has already been refunded."
        raise InvalidRequestError(message=message, code="charge_already_refunded")


def _record(
    world: World, charge: Obj, amount: int, *, reason: str | None, metadata: dict[str, str]
) -> Obj:
    status = _first_status(world, charge, metadata)
    is_covered = funds.covers(world, amount=amount, currency=charge["currency"])
    if not is_covered and status == "succeeded":
        status = "pending"
    refunded = _stored(world, charge, amount, reason=reason, metadata=metadata, status=status)
    if not is_covered:
        funds.wait_for_funds(world, refunded)
        return world.update(refunded, pending_reason="insufficient_funds")
    moved = funds.of_refund(world, refunded)
    refunded = world.update(refunded, balance_transaction=moved["id"])
    if status == "pending":
        refunded = world.update(refunded, pending_reason="processing")
    if _by_card(world, charge) != "succeeded" and "sandbox_refund" not in metadata:
        at = world.clock.unix() + SETTLES_AFTER_SECONDS
        world.agenda.arm("refund", refunded["id"], at=at)
    return refunded


def _stored(world: World, charge: Obj, amount: int, **details: Any) -> Obj:
    return world.insert(
        "refund",
        amount=amount,
        balance_transaction=None,
        charge=charge["id"],
        currency=charge["currency"],
        customer=charge["customer"],
        customer_account=None,
        destination_details={
            "card": {
                "reference_status": "pending",
                "reference_type": "acquirer_reference_number",
                "type": "refund",
            },
            "type": "card",
        },
        payment_intent=charge["payment_intent"],
        payment_method=charge["payment_method"],
        receipt_number=None,
        source_transfer_reversal=None,
        transfer_reversal=None,
        **details,
    )


def _first_status(world: World, charge: Obj, metadata: dict[str, str]) -> str:
    wish = metadata.get("sandbox_refund")
    if wish in WISHES:
        return "pending" if wish == "failed" else str(wish)
    return "pending" if _by_card(world, charge) == "pending" else "succeeded"


def _by_card(world: World, charge: Obj) -> str:
    method = world.find("payment_method", charge["payment_method"])
    card = card_of_number(method["_number"]) if method else None
    return card.refund if card else "succeeded"


def _count(world: World, charge_id: str, amount: int) -> None:
    before = world.need("charge", charge_id)
    refunded = before["amount_refunded"] + amount
    after = world.update(
        before,
        amount_refunded=refunded,
        refunded=refunded == before["amount_captured"],
    )
    emit(world, "charge.refunded" if amount > 0 else "charge.updated", after, before=before)


def settle_due(world: World, refund_id: str) -> None:
    """Let a test card's refund take its later turn: pending succeeds, succeeded fails."""
    current = world.need("refund", refund_id)
    charge = world.need("charge", current["charge"])
    end(world, current, "failed" if _by_card(world, charge) == "failed" else "succeeded")


def pay_due(world: World, refund_id: str) -> None:
    """Pay a refund that waited for money, if there is enough by now."""
    current = world.need("refund", refund_id)
    if current["status"] != "pending" or current["balance_transaction"]:
        return
    if not funds.covers(world, amount=current["amount"], currency=current["currency"]):
        funds.wait_for_funds(world, current)
        return
    funds.stop_waiting(world, refund_id)
    moved = funds.of_refund(world, current)
    end(world, world.update(current, balance_transaction=moved["id"]), "succeeded")


def end(world: World, current: Obj, status: str) -> Obj:
    """End a refund that was not final."""
    before = world.fresh(current)
    if before["status"] == status or before["status"] in GIVEN_BACK:
        return before
    reason = "lost_or_stolen_card" if status == "failed" else None
    after = world.update(before, failure_reason=reason, pending_reason=None, status=status)
    if status in GIVEN_BACK:
        after = _taken_back(world, after)
        _count(world, after["charge"], -after["amount"])
    emit(world, "refund.updated", after, before=before)
    emit(world, "charge.refund.updated", after, before=before)
    if status == "failed":
        emit(world, "refund.failed", after)
    return after


def _taken_back(world: World, refund: Obj) -> Obj:
    """Put the money of a refund that came to nothing back into the balance."""
    funds.stop_waiting(world, refund["id"])
    if not refund["balance_transaction"]:
        return refund
    moved = funds.of_failed_refund(world, refund)
    return world.update(refund, failure_balance_transaction=moved["id"])


def cancel(world: World, current: Obj) -> Obj:
    if current["status"] != "requires_action":
        message = "You can only cancel refunds with a status of requires_action."
        raise InvalidRequestError(message=message)
    return end(world, current, "canceled")
