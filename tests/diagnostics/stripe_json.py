"""Stripe's objects as its API gives them, cut down to what a story needs."""

import tomllib
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from prunella.diagnostics.diagnose import diagnose
from prunella.diagnostics.facts import Facts
from prunella.diagnostics.findings import Diagnosis, FixName
from prunella.diagnostics.parse import facts_from
from prunella.diagnostics.wording import Words

Json = dict[str, Any]

CUSTOMER = "cus_northbeck"
CATALOGUE = Path(__file__).parents[2] / "content/messages/en.toml"
# What a small installation can carry out; the stories are told of one.
FEW_FIXES: frozenset[FixName] = frozenset(
    {"update_card", "retry_payment", "confirm_payment", "regenerate_link", "talk_to_human"},
)
NOW = datetime(2026, 3, 3, 17, 40, tzinfo=UTC)
ASKED = datetime(2026, 3, 1, 16, 5, tzinfo=UTC)
WEDNESDAY = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)


@cache
def words() -> Words:
    return Words.from_catalogue(tomllib.loads(CATALOGUE.read_text()), locale="en_US")


def seconds(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp())


def customer(**changed: Any) -> Json:
    return {
        "id": CUSTOMER,
        "object": "customer",
        "name": "Northbeck Outfitters",
        "email": "pay@northbeck.example",
        "currency": "usd",
        "default_source": None,
        "delinquent": False,
        "invoice_settings": {"default_payment_method": "pm_0341", "footer": None},
        "metadata": {},
    } | changed


def card(method_id: str = "pm_0341", *, last4: str = "0341", **changed: Any) -> Json:
    printed = {"brand": "visa", "last4": last4, "exp_month": 11, "exp_year": 2027} | changed
    return {
        "id": method_id,
        "object": "payment_method",
        "type": "card",
        "customer": CUSTOMER,
        "card": {"country": "US", "funding": "credit", "checks": {"cvc_check": "pass"}} | printed,
    }


def subscription(status: str = "active", **changed: Any) -> Json:
    return {
        "id": "sub_starter",
        "object": "subscription",
        "customer": CUSTOMER,
        "status": status,
        "created": seconds(datetime(2024, 6, 1, tzinfo=UTC)),
        "collection_method": "charge_automatically",
        "default_payment_method": None,
        "default_source": None,
        "latest_invoice": "in_march",
        "cancel_at_period_end": False,
        "pause_collection": None,
        "trial_end": None,
        "items": {
            "object": "list",
            "data": [
                {
                    "id": "si_1",
                    "object": "subscription_item",
                    "quantity": 1,
                    "current_period_start": seconds(datetime(2026, 3, 1, tzinfo=UTC)),
                    "current_period_end": seconds(datetime(2026, 4, 1, tzinfo=UTC)),
                    "price": {
                        "id": "price_starter",
                        "object": "price",
                        "product": "prod_starter",
                        "currency": "usd",
                        "unit_amount": 250000,
                        "recurring": {"interval": "month", "interval_count": 1},
                    },
                },
            ],
        },
    } | changed


def invoice(invoice_id: str = "in_march", **changed: Any) -> Json:
    return {
        "id": invoice_id,
        "object": "invoice",
        "number": "TAI-2047",
        "customer": CUSTOMER,
        "status": "open",
        "currency": "usd",
        "amount_due": 366504,
        "amount_paid": 0,
        "amount_remaining": 366504,
        "total": 366504,
        "collection_method": "charge_automatically",
        "attempted": True,
        "attempt_count": 1,
        "created": seconds(ASKED - timedelta(hours=1)),
        "due_date": None,
        "default_payment_method": None,
        "default_source": None,
        "next_payment_attempt": seconds(WEDNESDAY),
        "hosted_invoice_url": "https://invoice.stripe.example/i/secret",
        "status_transitions": {"finalized_at": seconds(ASKED), "paid_at": None},
        "parent": {
            "type": "subscription_details",
            "subscription_details": {"subscription": "sub_starter", "metadata": {}},
        },
    } | changed


def paid_invoice(invoice_id: str = "in_february", **changed: Any) -> Json:
    paid_at = datetime(2026, 2, 1, 16, tzinfo=UTC)
    return (
        invoice(
            invoice_id,
            number="TAI-1988",
            status="paid",
            amount_remaining=0,
            total=365570,
            created=seconds(paid_at),
            next_payment_attempt=None,
            status_transitions={"finalized_at": seconds(paid_at), "paid_at": seconds(paid_at)},
        )
        | changed
    )


def invoice_payment(
    invoice_id: str = "in_march",
    *,
    intent: str = "pi_march",
    **changed: Any,
) -> Json:
    return {
        "id": f"inpay_{intent}",
        "object": "invoice_payment",
        "invoice": invoice_id,
        "status": "open",
        "amount_requested": 366504,
        "currency": "usd",
        "payment": {"type": "payment_intent", "payment_intent": intent},
    } | changed


def intent(intent_id: str = "pi_march", **changed: Any) -> Json:
    return {
        "id": intent_id,
        "object": "payment_intent",
        "customer": CUSTOMER,
        "amount": 366504,
        "currency": "usd",
        "created": seconds(ASKED),
        "status": "requires_payment_method",
        "latest_charge": None,
        "last_payment_error": None,
        "next_action": None,
        "payment_method": None,
    } | changed


def charge(
    charge_id: str = "ch_march",
    *,
    at: datetime = ASKED,
    decline_code: str | None = "insufficient_funds",
    code: str | None = "card_declined",
    advice_code: str | None = None,
    outcome_type: str = "issuer_declined",
    method: str = "pm_0341",
    **changed: Any,
) -> Json:
    """A failed charge; the decline code stands in the outcome's reason."""
    printed = {"brand": "visa", "last4": method[-4:], "exp_month": 11, "exp_year": 2027}
    return {
        "id": charge_id,
        "object": "charge",
        "customer": CUSTOMER,
        "amount": 366504,
        "currency": "usd",
        "created": seconds(at),
        "status": "failed",
        "paid": False,
        "payment_intent": "pi_march",
        "payment_method": method,
        "payment_method_details": {"type": "card", "card": printed},
        "failure_code": code,
        "failure_message": "Your card was declined.",
        "outcome": {
            "type": outcome_type,
            "reason": decline_code,
            "advice_code": advice_code,
            "risk_level": "highest",
            "network_status": "declined_by_network",
            "network_decline_code": "51",
            "seller_message": "The bank returned the decline code `insufficient_funds`.",
        },
    } | changed


def session(session_id: str = "cs_1", **changed: Any) -> Json:
    return {
        "id": session_id,
        "object": "checkout.session",
        "customer": CUSTOMER,
        "mode": "subscription",
        "status": "expired",
        "payment_status": "unpaid",
        "amount_total": 250000,
        "currency": "usd",
        "created": seconds(NOW - timedelta(days=2)),
        "expires_at": seconds(NOW - timedelta(days=1)),
        "recovered_from": None,
        "subscription": None,
        "invoice": None,
        "payment_intent": None,
        "after_expiration": {"recovery": {"enabled": True, "url": "https://pay.example/r"}},
    } | changed


def taken(
    charge_id: str = "ch_pack",
    *,
    at: datetime = NOW - timedelta(days=9),
    **changed: Any,
) -> Json:
    """Money that was taken for an add-on, without an invoice."""
    paid = {
        "status": "succeeded",
        "paid": True,
        "captured": True,
        "amount": 4000,
        "amount_refunded": 0,
        "description": "History pack",
        "metadata": {},
        "payment_intent": f"pi_{charge_id}",
        "failure_code": None,
        "outcome": {"type": "authorized"},
    }
    return charge(charge_id, at=at) | paid | changed


def refund(status: str = "succeeded", *, days_ago: float = 2, **changed: Any) -> Json:
    return {
        "id": "re_pack",
        "object": "refund",
        "customer": CUSTOMER,
        "charge": "ch_pack",
        "payment_intent": "pi_ch_pack",
        "amount": 4000,
        "currency": "usd",
        "status": status,
        "created": seconds(NOW - timedelta(days=days_ago)),
        "failure_reason": "lost_or_stolen_card" if status == "failed" else None,
        "pending_reason": "insufficient_funds" if status == "pending" else None,
    } | changed


def dispute(status: str = "needs_response", **changed: Any) -> Json:
    return {
        "id": "dp_pack",
        "object": "dispute",
        "customer": CUSTOMER,
        "charge": "ch_pack",
        "payment_intent": "pi_ch_pack",
        "amount": 4000,
        "currency": "usd",
        "status": status,
        "reason": "fraudulent",
        "created": seconds(NOW - timedelta(days=2)),
        "evidence_details": {"due_by": seconds(NOW + timedelta(days=12))},
    } | changed


def world(*objects: Json, bare: bool = False) -> dict[str, list[Json]]:
    """By kind; a customer with a card and a running plan unless `bare` or told otherwise."""
    kinds: dict[str, list[Json]] = {}
    for one in objects:
        kinds.setdefault(one["object"], []).append(one)
    if not bare:
        kinds.setdefault("customer", [customer()])
        kinds.setdefault("payment_method", [card()])
        kinds.setdefault("subscription", [subscription()])
    return kinds


def failed(**changed: Any) -> tuple[Json, ...]:
    """The March invoice, asked for once, and the bank said no."""
    return (
        subscription("past_due"),
        invoice(),
        invoice_payment(),
        intent(),
        charge(**changed),
    )


def facts(*objects: Json, bare: bool = False, **changed: Any) -> Facts:
    given: dict[str, Any] = {"time_zone": "America/Chicago", "as_of": NOW} | changed
    return facts_from(world(*objects, bare=bare), customer=CUSTOMER, now=NOW, **given)


def diagnosed(
    *objects: Json,
    bare: bool = False,
    possible: frozenset[FixName] = FEW_FIXES,
    **changed: Any,
) -> Diagnosis:
    return diagnosed_of(facts(*objects, bare=bare, **changed), possible)


def diagnosed_of(known: Facts, possible: frozenset[FixName] = FEW_FIXES) -> Diagnosis:
    return diagnose(known, words(), possible)
