"""Did it happen? Stripe is read; what it shows decides, never what we hoped for."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from prunella.actions.action import Action
from prunella.actions.look_account import look_at_details, look_at_plan, look_at_refund
from prunella.actions.look_billing import (
    look_at_balance,
    look_at_correction,
    look_at_credit_note,
    look_at_ending,
    look_at_void,
)
from prunella.actions.seen import ALL_VERDICTS, Seen, Verdict
from prunella.connectors.stripe.reads import Reads
from prunella.kit.clock import from_unix

MOST_CHARGES = 20
CLOCK_SKEW = timedelta(seconds=5)
_NOT_BY_US = {"paid_before": True}
"""What was wanted is there, and no charge of this action brought it: the money moved once."""
_PENDING = frozenset({"processing", "requires_capture"})
__all__ = ["ALL_VERDICTS", "Seen", "Verdict", "judge_payment", "look"]


async def look(reads: Reads, action: Action, *, claimed: Iterable[str] = ()) -> Seen:
    """Read Stripe for what became of an action that was sent.

    `claimed` are charges of other actions. Raises the tree of `connectors.stripe.errors`.
    """
    match action.kind:
        case "retry_payment":
            return await _look_at_payment(reads, action, frozenset(claimed))
        case "set_payment_method":
            return await _look_at_field(reads, action)
    known = _LOOKS.get(action.kind)
    # An opened page that nobody was sent to harms no one; of what it mailed, Stripe keeps no
    # trace, and a second copy is the lesser harm.
    return await known(reads, action) if known else Seen("did_not_happen")


_LOOKS: Mapping[str, Callable[[Reads, Action], Awaitable[Seen]]] = {
    "refund": look_at_refund,
    "update_billing_details": look_at_details,
    "resume_subscription": look_at_plan,
    "change_plan": look_at_plan,
    "credit_balance": look_at_balance,
    "credit_note": look_at_credit_note,
    "correct_invoice": look_at_correction,
    "void_invoice": look_at_void,
    "cancel_subscription": look_at_ending,
}


async def _look_at_payment(reads: Reads, action: Action, claimed: frozenset[str]) -> Seen:
    invoice = await reads.get("invoice", action.target)
    if invoice is None:
        return Seen("refused", {"code": "resource_missing"})
    if invoice["status"] not in {"open", "paid", "uncollectible"}:
        return Seen("refused", {"code": f"invoice_{invoice['status']}"})
    payments = (await reads.invoice_payments(action.target)).data["data"]
    intents = [_intent(payment) for payment in payments]
    charges = [
        charge
        for intent in intents
        if intent
        for charge in await reads.newest("charge", most=MOST_CHARGES, payment_intent=intent["id"])
    ]
    fresh = [charge for charge in charges if charge["id"] not in claimed]
    return judge_payment(invoice, intents, fresh, since=action.submitted_at or action.created_at)


def judge_payment(
    invoice: Mapping[str, Any],
    intents: Sequence[Mapping[str, Any]],
    charges: Sequence[Mapping[str, Any]],
    *,
    since: datetime,
) -> Seen:
    """Decide by the invoice, else by the first charge since the action was sent. Pure."""
    mine = sorted(
        (one for one in charges if from_unix(one["created"]) >= since - CLOCK_SKEW),
        key=lambda one: one["created"],
    )
    facts = {"invoice": invoice["id"], "status": invoice["status"]}
    paid = next((one["id"] for one in mine if one["status"] == "succeeded"), None)
    if invoice["status"] == "paid":
        return Seen("happened", {**facts, "charge": paid} if paid else {**facts, **_NOT_BY_US})
    if paid or any(one["status"] == "pending" for one in mine):
        return Seen("still_unclear", {**facts, "pending": True})
    if any(intent.get("status") in _PENDING for intent in intents):
        return Seen("still_unclear", {**facts, "pending": True})
    if any(intent.get("status") == "requires_action" for intent in intents):
        return Seen("refused", {"code": "authentication_required"})
    return Seen("refused", _no_of(mine[0])) if mine else Seen("did_not_happen", facts)


def _no_of(charge: Mapping[str, Any]) -> dict[str, Any]:
    outcome = charge.get("outcome") or {}
    found = {
        "charge": charge["id"],
        "code": charge.get("failure_code"),
        "decline_code": outcome.get("reason") if outcome.get("type") != "blocked" else None,
        "advice_code": outcome.get("advice_code"),
    }
    return {name: value for name, value in found.items() if value}


async def _look_at_field(reads: Reads, action: Action) -> Seen:
    kind = "subscription" if action.target.startswith("sub_") else "customer"
    owner = await reads.get(kind, action.target)
    if owner is None:
        return Seen("refused", {"code": "resource_missing"})
    holder = owner if kind == "subscription" else (owner.get("invoice_settings") or {})
    wanted = action.params["payment_method"]
    facts = {"owner": action.target, "payment_method": wanted}
    if _id_of(holder.get("default_payment_method")) == wanted:
        return Seen("happened", facts)
    return Seen("did_not_happen", facts)


def _intent(payment: Mapping[str, Any]) -> Mapping[str, Any]:
    held = (payment.get("payment") or {}).get("payment_intent") or {}
    return {"id": held} if isinstance(held, str) else held


def _id_of(held: Any) -> Any:
    return held.get("id") if isinstance(held, dict) else held
