"""Charges: the durable evidence of each try to take money."""

from __future__ import annotations

from typing import Any

from prunella_sandbox.billing import funds
from prunella_sandbox.billing.stored_cards import card_of
from prunella_sandbox.declines import Decline
from prunella_sandbox.events import emit
from prunella_sandbox.links import receipt_url
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

HELD_SECONDS = 7 * 24 * 3600
"""How long a bank holds what was authorized, as Stripe does by default."""
RISK_NORMAL, RISK_HIGHEST = 20, 90
_EMPTY = (
    "application",
    "application_fee",
    "application_fee_amount",
    "balance_transaction",
    "failure_balance_transaction",
    "failure_code",
    "failure_message",
    "on_behalf_of",
    "receipt_number",
    "receipt_url",
    "review",
    "source",
    "source_transfer",
    "transfer_data",
    "transfer_group",
)


def succeed(world: World, intent: Obj, method: Obj, *, began: Obj | None = None) -> Obj:
    """Record that the money came; `began` is the charge that was on its way, if there is one."""
    agreed = _agree(world, intent, method, began=began)
    charge = _take(world, agreed, method, amount=intent["amount"])
    emit(world, "charge.succeeded", charge)
    return charge


def authorize(world: World, intent: Obj, method: Obj, *, began: Obj | None = None) -> Obj:
    """Record that the bank holds the money; nothing is taken yet."""
    charge = _agree(world, intent, method, began=began)
    details = charge["payment_method_details"]
    card = details["card"] | {"capture_before": charge["created"] + HELD_SECONDS}
    charge = world.update(charge, payment_method_details=details | {"card": card})
    emit(world, "charge.succeeded", charge)
    return charge


def capture(world: World, charge: Obj, method: Obj, *, amount: int) -> Obj:
    """Take what the bank holds, or a part of it."""
    captured = _take(world, charge, method, amount=amount)
    emit(world, "charge.captured", captured, before=charge)
    return captured


def release(world: World, charge: Obj, *, kind: str) -> Obj:
    """Let go what the bank holds. Stripe counts that as refunded; no refund is made."""
    released = world.update(charge, amount_refunded=charge["amount"], refunded=True)
    emit(world, kind, released, before=charge)
    return released


def _agree(world: World, intent: Obj, method: Obj, *, began: Obj | None) -> Obj:
    charge_id = began["id"] if began else world.new_id("charge")
    return _record(
        world,
        intent,
        method,
        id=charge_id,
        created=began["created"] if began else world.clock.unix(),
        outcome=_approved(),
        paid=True,
        receipt_url=receipt_url(world, charge_id),
        status="succeeded",
    )


def _take(world: World, charge: Obj, method: Obj, *, amount: int) -> Obj:
    taken = world.update(charge, amount_captured=amount, captured=True)
    is_at_once = card_of(method).is_available_at_once
    moved = funds.of_charge(world, taken, is_at_once=is_at_once)
    return world.update(taken, balance_transaction=moved["id"])


def begin(world: World, intent: Obj, method: Obj) -> Obj:
    """Record a payment whose result takes days."""
    waiting = _approved() | {
        "network_status": "approved_by_network",
        "seller_message": "The payment is on its way.",
    }
    charge = _record(world, intent, method, outcome=waiting, paid=False, status="pending")
    emit(world, "charge.pending", charge)
    return charge


def fail(
    world: World, intent: Obj, method: Obj, refusal: Decline, *, began: Obj | None = None
) -> Obj:
    charge = _record(
        world,
        intent,
        method,
        id=began["id"] if began else None,
        created=began["created"] if began else world.clock.unix(),
        failure_code=refusal.code,
        failure_message=refusal.message,
        outcome=_refused(refusal),
        paid=False,
        status="failed",
    )
    emit(world, "charge.failed", charge)
    return charge


def _record(world: World, intent: Obj, method: Obj, **fields: Any) -> Obj:
    known = dict.fromkeys(_EMPTY) | {
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "SANDBOX",
        "captured": False,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {"card": _card(intent, method), "type": "card"},
        "receipt_email": intent["receipt_email"],
        "refunded": False,
        "shipping": intent["shipping"],
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "_reserved": 0,
        "_dispute": None,
    }
    return world.insert("charge", **(known | fields))


def _card(intent: Obj, method: Obj) -> Obj:
    card = method["card"]
    copied = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding")
    return {
        **{name: card[name] for name in copied},
        "amount_authorized": intent["amount"],
        "authorization_code": None,
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "last4": card["last4"],
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": card["brand"],
        "network_token": {"used": False},
        "network_transaction_id": None,
        "overcapture": {"maximum_amount_capturable": intent["amount"], "status": "unavailable"},
        "regulated_status": card["regulated_status"],
        "three_d_secure": None,
        "wallet": None,
    }


def _approved() -> Obj:
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "approved_by_network",
        "reason": None,
        "risk_level": "normal",
        "risk_score": RISK_NORMAL,
        "seller_message": "Payment complete.",
        "type": "authorized",
    }


def _refused(refusal: Decline) -> Obj:
    outcome = _approved() | {"advice_code": refusal.advice_code}
    if refusal.is_blocked:
        return outcome | {
            "network_status": "not_sent_to_network",
            "reason": "highest_risk_level",
            "risk_level": "highest",
            "risk_score": RISK_HIGHEST,
            "seller_message": "Stripe blocked this payment as too risky.",
            "type": "blocked",
        }
    return outcome | {
        "network_status": "declined_by_network",
        "reason": refusal.reason,
        "seller_message": f"The bank returned the decline code `{refusal.reason}`.",
        "type": "issuer_declined",
    }
