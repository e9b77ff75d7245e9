"""Payments in two steps: the bank holds the money, and later it is captured or let go.

What a partial capture leaves is let go at once; only money that was taken counts as refundable.
What is neither captured nor canceled within seven days is let go by itself.
"""

from __future__ import annotations

from prunella_sandbox.billing import charges, intents
from prunella_sandbox.errors import InvalidRequestError
from prunella_sandbox.events import emit
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

HELD = "requires_capture"


def capture(world: World, intent: Obj, *, amount: int | None) -> Obj:
    """Take what is held, all of it or `amount`.

    Raises:
        InvalidRequestError: nothing is held, or less than that.
    """
    if intent["status"] != HELD:
        raise intents.unexpected_state(intent, "captured", (HELD,))
    held = intent["amount_capturable"]
    if amount is not None and not 0 < amount <= held:
        message = (
            f"The amount to capture ({amount}) must be above 0 and at most the amount that can be "
            f"captured ({held})."
        )
        raise InvalidRequestError(message=message, param="amount_to_capture")
    world.agenda.disarm("authorization", intent["id"])
    method = world.need("payment_method", intent["payment_method"])
    charge = world.need("charge", intent["latest_charge"])
    captured = charges.capture(world, charge, method, amount=held if amount is None else amount)
    return intents.taken(world, intent, method, captured)


def cancel(world: World, intent: Obj, *, reason: str | None) -> Obj:
    """Let go what is held."""
    return _let_go(world, intent, reason=reason, kind="charge.refunded")


def expire_due(world: World, intent_id: str) -> None:
    """Let go what nobody captured in time."""
    intent = world.need("payment_intent", intent_id)
    if intent["status"] == HELD:
        _let_go(world, intent, reason="automatic", kind="charge.expired")


def _let_go(world: World, intent: Obj, *, reason: str | None, kind: str) -> Obj:
    world.agenda.disarm("authorization", intent["id"])
    charges.release(world, world.need("charge", intent["latest_charge"]), kind=kind)
    canceled = world.update(
        intent,
        amount_capturable=0,
        canceled_at=world.clock.unix(),
        cancellation_reason=reason,
        status="canceled",
    )
    emit(world, "payment_intent.canceled", canceled)
    return canceled
