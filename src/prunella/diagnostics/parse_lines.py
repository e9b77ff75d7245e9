"""What an invoice is made of: its lines, the prices behind them, what was taken off it again."""

from __future__ import annotations

from collections.abc import Sequence

from prunella.diagnostics.facts import Line, Sold
from prunella.diagnostics.raw import (
    Raw,
    decimal,
    dicts,
    inner,
    money,
    number,
    ref,
    text,
    time,
    truth,
)
from prunella.kit.money import Money


def line(raw: Raw) -> Line:
    """The price stands under `pricing`; older API versions put it on the line itself."""
    pricing, price = inner(raw, "pricing", "price_details"), inner(raw, "price")
    of_plan = inner(raw, "parent", "subscription_item_details")
    discounts, taxes = list(dicts(raw, "discount_amounts")), list(dicts(raw, "taxes"))
    return Line(
        price=ref(pricing, "price") or text(price, "id"),
        product=ref(pricing, "product") or ref(price, "product"),
        description=text(raw, "description"),
        item=ref(of_plan, "subscription_item") or ref(raw, "subscription_item"),
        quantity=number(raw, "quantity"),
        starts_at=time(inner(raw, "period"), "start"),
        ends_at=time(inner(raw, "period"), "end"),
        id=text(raw, "id"),
        amount=money(raw, "amount"),
        comes_to=_comes_to(raw, discounts, taxes),
        unit_amount=decimal(inner(raw, "pricing"), "unit_amount_decimal"),
        plain=_is_whole(raw) and not (discounts or taxes),
        part=truth(of_plan, "proration") or text(of_plan, "invoice_item") is not None,
    )


def sold(item: Raw) -> Sold:
    price = inner(item, "price")
    recurring = inner(price, "recurring")
    return Sold(
        item=text(item, "id") or "",
        price=text(price, "id"),
        licensed=text(recurring, "usage_type") == "licensed",
        flat=text(price, "billing_scheme") == "per_unit" and not inner(price, "transform_quantity"),
        unit_amount=decimal(price, "unit_amount_decimal"),
        interval=text(recurring, "interval"),
        interval_count=number(recurring, "interval_count") or 1,
    )


def credited(invoice: Raw, notes: Sequence[Raw]) -> int:
    """Sum up what credit notes took off; what a note gave back by a refund counts as that.

    The larger of Stripe's two figures counts: an invoice and its notes are read one by one.
    """
    issued = [one for one in notes if text(one, "status") != "void"]
    figures = ("pre_payment_credit_notes_amount", "post_payment_credit_notes_amount")
    told = sum(number(invoice, name) or 0 for name in figures)
    noted = max(told, sum(number(one, "amount") or 0 for one in issued))
    parts = (part for one in issued for part in dicts(one, "refunds"))
    return max(noted - sum(number(part, "amount_refunded") or 0 for part in parts), 0)


def _comes_to(raw: Raw, discounts: Sequence[Raw], taxes: Sequence[Raw]) -> Money | None:
    """None where a credit grant paid for a part of it: that is no amount of the bill's own."""
    amount, granted = money(raw, "amount"), dicts(raw, "pretax_credit_amounts")
    if amount is None or any(text(one, "type") != "discount" for one in granted):
        return None
    less = sum(number(one, "amount") or 0 for one in discounts)
    added = (one for one in taxes if text(one, "tax_behavior") == "exclusive")
    more = sum(number(one, "amount") or 0 for one in added)
    return Money(amount.amount - less + more, amount.currency)


def _is_whole(raw: Raw) -> bool:
    """Whether nothing was cut off the quantity to make it a whole number."""
    whole, exact = number(raw, "quantity"), decimal(raw, "quantity_decimal")
    return exact is None or exact == whole
