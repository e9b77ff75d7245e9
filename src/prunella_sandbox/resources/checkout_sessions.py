"""Checkout sessions."""

from __future__ import annotations

from typing import Any

from prunella_sandbox.billing import items, sessions
from prunella_sandbox.billing.priced import priced
from prunella_sandbox.billing.pricing import amount_for
from prunella_sandbox.lists import page, paged
from prunella_sandbox.params import Params
from prunella_sandbox.rendering import shown
from prunella_sandbox.resources import prices
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/checkout/sessions"
MODES = ("payment", "setup", "subscription")
DAY, MINUTE = 24 * 3600, 60
SHORTEST_S, LONGEST_S = 30 * MINUTE, DAY
TEXTS = ("cancel_url", "client_reference_id", "customer_email", "locale", "submit_type")


def create(world: World, params: Params) -> Obj:
    mode = params.choice("mode", MODES) or params.need_text("mode")
    customer = params.text("customer")
    if customer:
        world.need("customer", customer, param="customer")
    params.texts("payment_method_types")
    params.texts("allowed_payment_method_types")
    lines = read_lines(world, params)
    if not lines and mode != "setup":
        raise params.missing(name="line_items")
    return sessions.open_session(
        world,
        mode=mode,
        customer=customer,
        customer_creation=_creation(params, mode=mode, customer=customer),
        expires_at=_expiry(world, params),
        success_url=params.need_text("success_url"),
        metadata=params.metadata(),
        after_expiration=_after_expiration(params),
        payment_method_collection=params.choice(
            "payment_method_collection", ("always", "if_required")
        )
        or ("always" if mode == "subscription" else None),
        _entries=[entry_of(world, line) for line in lines] if mode == "subscription" else [],
        **params.given(params.text, *TEXTS),
        **_money(params, lines, mode=mode),
        **_intent_data(world, params, mode=mode),
    )


def _creation(params: Params, *, mode: str, customer: str | None) -> str | None:
    wanted = params.choice("customer_creation", ("always", "if_required"))
    return wanted or ("if_required" if mode == "payment" and not customer else None)


def _expiry(world: World, params: Params) -> int | None:
    at, now = params.integer("expires_at"), world.clock.unix()
    if at is not None and not now + SHORTEST_S - MINUTE <= at <= now + LONGEST_S + MINUTE:
        message = "`expires_at` must be from 30 minutes to 24 hours from now."
        raise params.invalid(name="expires_at", message=message)
    return at


def _after_expiration(params: Params) -> Obj | None:
    if not params.has("after_expiration"):
        return None
    sent = params.nested("after_expiration").nested("recovery")
    recovery = {
        "allow_promotion_codes": bool(sent.flag("allow_promotion_codes")),
        "enabled": bool(sent.flag("enabled")),
        "expires_at": None,
        "url": None,
    }
    return {"recovery": recovery}


def read_lines(world: World, params: Params) -> list[Obj]:
    """Read what is bought; the sandbox sells plans and single things apart."""
    lines = [_line(world, entry) for entry in params.entries("line_items")]
    if len({line["price"]["type"] for line in lines}) > 1:
        message = "The sandbox does not mix recurring and one-time prices in one checkout."
        raise params.invalid(name="line_items", message=message)
    return lines


def _line(world: World, params: Params) -> Obj:
    price, quantity = _price(world, params), params.integer("quantity") or 1
    amount = amount_for(price, quantity)
    return {
        "id": world.new_id("item"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"],
        "description": world.need("product", price["product"])["name"],
        "discounts": [],
        "metadata": None,
        "price": shown(world, price),
        "quantity": quantity,
        "taxes": [],
    }


def _price(world: World, params: Params) -> Obj:
    if not params.has("price_data"):
        return world.need("price", params.need_text("price"), param="price")
    sent = params.nested("price_data")
    product = sent.text("product")
    if product:
        world.need("product", product, param="product")
    else:
        product = prices.new_product(world, sent.nested("product_data"))
    return priced(world, sent, product=product)


def entry_of(world: World, line: Obj) -> Obj:
    price = world.need("price", line["price"]["id"])
    return items.new_item(world, price, quantity=line["quantity"], metadata={})


def _money(params: Params, lines: list[Obj], *, mode: str) -> dict[str, Any]:
    if mode == "setup":
        return {"currency": params.text("currency")}
    total = sum(line["amount_total"] for line in lines)
    params.text("currency")
    return {
        "_line_items": lines,
        "amount_subtotal": total,
        "amount_total": total,
        "currency": lines[0]["currency"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
    }


def _intent_data(world: World, params: Params, *, mode: str) -> dict[str, Any]:
    if mode == "subscription":
        return _subscription_data(world, params.nested("subscription_data"))
    sent = params.nested("setup_intent_data" if mode == "setup" else "payment_intent_data")
    names = ("description",) if mode == "setup" else ("description", "receipt_email")
    data = {**sent.given(sent.text, *names), "metadata": sent.metadata()}
    if mode == "payment":
        data["setup_future_usage"] = sent.text("setup_future_usage")
    return {"_intent_data": data}


def _subscription_data(world: World, sent: Params) -> dict[str, Any]:
    days, end = sent.integer("trial_period_days"), sent.integer("trial_end")
    data = {**sent.given(sent.text, "description"), "metadata": sent.metadata()}
    trial_end = end or (world.clock.unix() + days * DAY if days else None)
    return {"_intent_data": data, "_trial_end": trial_end}


def retrieve(world: World, _params: Params, *, session: str) -> Obj:
    return world.need("checkout.session", session)


def update(world: World, params: Params, *, session: str) -> Obj:
    before = world.need("checkout.session", session)
    return world.update(before, metadata=params.metadata(over=before["metadata"]))


def expire(world: World, _params: Params, *, session: str) -> Obj:
    return sessions.expire(world, world.need("checkout.session", session))


def line_items(world: World, params: Params, *, session: str) -> Obj:
    found = world.need("checkout.session", session)
    return paged(found["_line_items"], params, url=f"{URL}/{session}/line_items")


def index(world: World, params: Params) -> Obj:
    return page(
        world,
        "checkout.session",
        params,
        url=URL,
        equal=("customer", "payment_intent", "subscription", "status"),
    )


ROUTES = (
    Route("POST", URL, create),
    Route("GET", URL, index),
    Route("GET", URL + "/{session}", retrieve),
    Route("POST", URL + "/{session}", update),
    Route("POST", URL + "/{session}/expire", expire),
    Route("GET", URL + "/{session}/line_items", line_items),
)
