"""Invoice lines: what is billed, for which period, at which price."""

from __future__ import annotations

from typing import Any

from prunella_sandbox.billing.pricing import amount_for
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World


def subscription_lines(world: World, subscription: Obj, *, is_trial: bool = False) -> list[Obj]:
    """One line for each item, for the item's current period."""
    return [
        _subscription_line(world, subscription, item, is_trial=is_trial)
        for item in subscription["items"]["data"]
    ]


def _subscription_line(world: World, subscription: Obj, item: Obj, *, is_trial: bool) -> Obj:
    price = world.need("price", item["price"]["id"])
    product = world.need("product", price["product"])
    amount = 0 if is_trial else amount_for(price, item["quantity"])
    words = f"Trial period for {product['name']}" if is_trial else _words(price, product, item)
    return _line(
        world,
        amount=amount,
        currency=price["currency"],
        description=words,
        metadata=subscription["metadata"],
        parent={
            "invoice_item_details": None,
            "subscription_item_details": {
                "invoice_item": None,
                "proration": False,
                "proration_details": {"credited_items": None},
                "subscription": subscription["id"],
                "subscription_item": item["id"],
            },
            "type": "subscription_item_details",
        },
        period={"end": item["current_period_end"], "start": item["current_period_start"]},
        pricing=pricing_of(price),
        quantity=item["quantity"],
        subscription=subscription["id"],
    )


def _words(price: Obj, product: Obj, item: Obj) -> str:
    every = price["recurring"]["interval"]
    return f"{item['quantity']} × {product['name']} (every {every})"  # noqa: RUF001 - Stripe's own sign


def item_line(world: World, item: Obj) -> Obj:
    """Put an invoice item on a line."""
    subscription = item["parent"] and item["parent"]["subscription_details"]["subscription"]
    return _line(
        world,
        amount=item["amount"],
        currency=item["currency"],
        description=item["description"],
        metadata=item["metadata"],
        parent={
            "invoice_item_details": {
                "invoice_item": item["id"],
                "proration": item["proration"],
                "proration_details": {"credited_items": None},
                "subscription": subscription,
            },
            "subscription_item_details": None,
            "type": "invoice_item_details",
        },
        period=item["period"],
        pricing=item["pricing"],
        quantity=item["quantity"],
        subscription=subscription,
    )


def _line(world: World, *, amount: int, quantity: int, **fields: Any) -> Obj:
    return {
        "id": world.new_id("line_item"),
        "object": "line_item",
        "amount": amount,
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": None,
        "livemode": False,
        "pretax_credit_amounts": [],
        "quantity": quantity,
        "quantity_decimal": str(quantity),
        "subtotal": amount,
        "taxes": [],
        **fields,
    }


def pricing_of(price: Obj) -> Obj:
    return {
        "price_details": {"price": price["id"], "product": price["product"]},
        "type": "price_details",
        "unit_amount_decimal": price["unit_amount_decimal"],
    }
