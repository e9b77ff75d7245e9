"""Paid bills of one plan, as Stripe gives them: right ones, to make wrong ones of."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.diagnostics.stripe_json import (
    Json,
    invoice_payment,
    paid_invoice,
    seconds,
    subscription,
    taken,
)

BEGINS = datetime(2026, 2, 1, 16, tzinfo=UTC)
A_PERIOD = timedelta(days=28)
UNIT = 2_000
SEATS = 3
AMOUNT = UNIT * SEATS


def price(**changed: Any) -> Json:
    return {
        "id": "price_seat",
        "object": "price",
        "product": "prod_seat",
        "currency": "usd",
        "billing_scheme": "per_unit",
        "unit_amount": UNIT,
        "unit_amount_decimal": str(UNIT),
        "transform_quantity": None,
        "recurring": {"interval": "month", "interval_count": 1, "usage_type": "licensed"},
    } | changed


def plan(status: str = "active", *, sold: Json | None = None, **changed: Any) -> Json:
    item = {
        "id": "si_1",
        "object": "subscription_item",
        "quantity": SEATS,
        "price": sold or price(),
    }
    return subscription(status, items={"object": "list", "data": [item]}, **changed)


def line(at: datetime = BEGINS, *, amount: int = AMOUNT, **changed: Any) -> Json:
    details = {"invoice_item": None, "proration": False, "subscription_item": "si_1"}
    return {
        "id": "il_1",
        "object": "line_item",
        "amount": amount,
        "currency": "usd",
        "description": "3 × Seat (every month)",  # noqa: RUF001  Stripe's own sign
        "discount_amounts": [],
        "pretax_credit_amounts": [],
        "taxes": [],
        "quantity": SEATS,
        "quantity_decimal": str(SEATS),
        "period": {"start": seconds(at), "end": seconds(at + A_PERIOD)},
        "pricing": {
            "price_details": {"price": "price_seat", "product": "prod_seat"},
            "unit_amount_decimal": str(UNIT),
        },
        "parent": {
            "type": "subscription_item_details",
            "subscription_item_details": details,
        },
    } | changed


def prorated(**changed: Any) -> Json:
    details = {"invoice_item": "ii_1", "proration": True, "subscription_item": "si_1"}
    return line(**changed) | {"parent": {"subscription_item_details": details}}


def billed(
    number: int,
    *lines: Json,
    days: float = 0,
    total: int | None = None,
    payment: Json | None = None,
    **changed: Any,
) -> list[Json]:
    """A paid invoice with the charge that paid it, made so many days after the period began."""
    given = list(lines) or [line()]
    comes_to = sum(one["amount"] for one in given) if total is None else total
    at = BEGINS + timedelta(days=days, hours=1)
    known = {
        "number": f"TAI-{number:04}",
        "billing_reason": "subscription_cycle",
        "created": seconds(at),
        "total": comes_to,
        "lines": {"object": "list", "data": given},
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
    }
    made = {"amount": comes_to, "payment_intent": f"pi_{number}"} | (payment or {})
    return [
        paid_invoice(f"in_{number}", **known | changed),
        invoice_payment(f"in_{number}", intent=f"pi_{number}"),
        taken(f"ch_{number}", at=at, **made),
    ]
