"""Invoice lines: what is billed, for which period, at which price."""

from __future__ import annotations

from typing import Any

from prunella_sandbox.billing import usage
from prunella_sandbox.billing.debits import share
from prunella_sandbox.billing.pricing import amount_for
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World


def subscription_lines(
    world: World, subscription: Obj, *, is_trial: bool = False, whole_seconds: int | None = None
) -> list[Obj]:
    """One line for each licensed item, for the item's current period.

    With `whole_seconds`, the length of a whole period, the current one is a part of that.
    """
    return [
        _licensed_line(world, subscription, item, is_trial=is_trial, whole_seconds=whole_seconds)
        for item in subscription["items"]["data"]
        if item["price"]["recurring"]["usage_type"] == "licensed"
    ]


def _licensed_line(
    world: World, subscription: Obj, item: Obj, *, is_trial: bool, whole_seconds: int | None
) -> Obj:
    price = world.need("price", item["price"]["id"])
    name = world.need("product", price["product"])["name"]
    start, end = item["current_period_start"], item["current_period_end"]
    amount = 0 if is_trial else amount_for(price, item["quantity"])
    if whole_seconds:
        amount = share(amount, of=end - start, whole=whole_seconds)
    return _period_line(
        world,
        subscription,
        item,
        amount=amount,
        description=f"Trial period for {name}" if is_trial else _words(price, name, item),
        is_part=whole_seconds is not None,
        period={"end": end, "start": start},
        quantity=item["quantity"],
    )


def metered_lines(world: World, subscription: Obj, *, start: int, end: int) -> list[Obj]:
    """One line for each metered item, for what was used from `start` until `end`."""
    return [
        _metered_line(world, subscription, item, start=start, end=end)
        for item in subscription["items"]["data"]
        if item["price"]["recurring"]["usage_type"] == "metered"
    ]


def _metered_line(world: World, subscription: Obj, item: Obj, *, start: int, end: int) -> Obj:
    price = world.need("price", item["price"]["id"])
    used = usage.aggregated(
        world,
        price["recurring"]["meter"],
        customer=subscription["customer"],
        start=start,
        end=end,
    )
    name = world.need("product", price["product"])["name"]
    line = _period_line(
        world,
        subscription,
        item,
        amount=amount_for(price, used),
        description=f"{used:f} × {name} (metered)",  # noqa: RUF001 - Stripe's own sign
        is_part=False,
        period={"end": end, "start": start},
        quantity=int(used),
    )
    return line | {"quantity_decimal": f"{used:f}"}


def _period_line(
    world: World, subscription: Obj, item: Obj, *, is_part: bool, **fields: Any
) -> Obj:
    price = world.need("price", item["price"]["id"])
    return _line(
        world,
        currency=price["currency"],
        metadata=subscription["metadata"],
        parent=_subscription_parent(
            subscription=subscription["id"], item=item["id"], invoice_item=None, is_part=is_part
        ),
        pricing=pricing_of(price),
        subscription=subscription["id"],
        **fields,
    )


def _words(price: Obj, name: str, item: Obj) -> str:
    every = price["recurring"]["interval"]
    return f"{item['quantity']} × {name} (every {every})"  # noqa: RUF001 - Stripe's own sign


def item_line(world: World, item: Obj) -> Obj:
    """Put an invoice item on a line."""
    subscription = item["parent"] and item["parent"]["subscription_details"]["subscription"]
    return _line(
        world,
        amount=item["amount"],
        currency=item["currency"],
        description=item["description"],
        metadata=item["metadata"],
        parent=_proration_parent(item) if item["proration"] else _item_parent(item, subscription),
        period=item["period"],
        pricing=item["pricing"],
        quantity=item["quantity"],
        subscription=subscription,
    )


def _item_parent(item: Obj, subscription: str | None) -> Obj:
    return {
        "invoice_item_details": {
            "invoice_item": item["id"],
            "proration": False,
            "proration_details": {"credited_items": None},
            "subscription": subscription,
        },
        "subscription_item_details": None,
        "type": "invoice_item_details",
    }


def _proration_parent(item: Obj) -> Obj:
    owner = item["parent"]["subscription_details"]
    return _subscription_parent(
        subscription=owner["subscription"],
        item=owner["subscription_item"],
        invoice_item=item["id"],
        is_part=True,
    )


def _subscription_parent(
    *, subscription: str, item: str, invoice_item: str | None, is_part: bool
) -> Obj:
    return {
        "invoice_item_details": None,
        "subscription_item_details": {
            "invoice_item": invoice_item,
            "proration": is_part,
            "proration_details": {"credited_items": None},
            "subscription": subscription,
            "subscription_item": item,
        },
        "type": "subscription_item_details",
    }


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
