"""Subscription items: a price, a quantity and the period that is running."""

from __future__ import annotations

from collections.abc import Iterable

from prunella_sandbox.billing.periods import next_end
from prunella_sandbox.billing.priced import priced
from prunella_sandbox.errors import InvalidRequestError
from prunella_sandbox.params import Params
from prunella_sandbox.rendering import list_of, shown
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World


def read_price(world: World, params: Params) -> Obj:
    """Find the price that is named, or store the one that is described."""
    if params.has("price_data"):
        sent = params.nested("price_data")
        product = world.need("product", sent.need_text("product"), param="product")
        return priced(world, sent, product=product["id"])
    return world.need("price", params.need_text("price"), param="price")


def read_item(world: World, params: Params) -> Obj:
    price = read_price(world, params)
    if price["recurring"] is None:
        message = (
            "The price specified is set to `type=one_time` but this field only accepts prices "
            "with `type=recurring`."
        )
        raise InvalidRequestError(message=message, param="items")
    if price["recurring"]["usage_type"] == "metered" and params.has("quantity"):
        message = "Quantity should not be specified where usage_type is `metered`."
        raise params.invalid(name="quantity", message=message)
    quantity = params.integer("quantity") if params.has("quantity") else 1
    return new_item(world, price, quantity=quantity or 0, metadata=params.metadata())


def new_item(world: World, price: Obj, *, quantity: int, metadata: dict[str, str]) -> Obj:
    licensed = price["recurring"]["usage_type"] == "licensed"
    return {
        "id": world.new_id("subscription_item"),
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": world.clock.unix(),
        "current_period_end": 0,
        "current_period_start": 0,
        "discounts": [],
        "metadata": metadata,
        "plan": plan_of(price),
        "price": shown(world, price),
        **({"quantity": quantity} if licensed else {}),
        "subscription": "",
        "tax_rates": [],
    }


def plan_of(price: Obj) -> Obj:
    """Show a price in the older shape that items still carry."""
    recurring = price["recurring"]
    return {
        "id": price["id"],
        "object": "plan",
        "active": price["active"],
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "billing_scheme": price["billing_scheme"],
        "created": price["created"],
        "currency": price["currency"],
        "interval": recurring["interval"],
        "interval_count": recurring["interval_count"],
        "livemode": False,
        "metadata": price["metadata"],
        "meter": recurring["meter"],
        "nickname": price["nickname"],
        "product": price["product"],
        "tiers_mode": price["tiers_mode"],
        "transform_usage": None,
        "trial_period_days": recurring["trial_period_days"],
        "usage_type": recurring["usage_type"],
    }


def listed(subscription_id: str, items: Iterable[Obj]) -> Obj:
    owned = [item | {"subscription": subscription_id} for item in items]
    return list_of(owned, url=f"/v1/subscription_items?subscription={subscription_id}")


def for_period(items: Obj, *, start: int, end: int) -> Obj:
    period = {"current_period_end": end, "current_period_start": start}
    return items | {"data": [item | period for item in items["data"]]}


def for_next_period(items: Obj, *, anchor: int, start: int) -> Obj:
    recurring = items["data"][0]["price"]["recurring"]
    return for_period(items, start=start, end=next_end(recurring, anchor=anchor, start=start))


def period_end(subscription: Obj) -> int:
    return int(subscription["items"]["data"][0]["current_period_end"])


def period_start(subscription: Obj) -> int:
    return int(subscription["items"]["data"][0]["current_period_start"])
