"""Prices as they are described: per unit or in tiers, once or recurring."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from prunella_sandbox.events import emit
from prunella_sandbox.params import Params
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

INTERVALS = ("day", "week", "month", "year")


def priced(world: World, params: Params, *, product: str) -> Obj:
    """Store a price; `params` are those of a price or of `price_data`."""
    recurring = _recurring(world, params.nested("recurring")) if params.has("recurring") else None
    tiers = [_tier(entry) for entry in params.entries("tiers")]
    price = world.insert(
        "price",
        active=params.flag("active") is not False,
        billing_scheme=params.choice("billing_scheme", ("per_unit", "tiered")) or "per_unit",
        currency=params.need_text("currency").lower(),
        custom_unit_amount=None,
        livemode=False,
        lookup_key=params.text("lookup_key"),
        metadata=params.metadata(),
        nickname=params.text("nickname"),
        product=product,
        recurring=recurring,
        tax_behavior=params.text("tax_behavior") or "unspecified",
        tiers_mode=params.choice("tiers_mode", ("graduated", "volume")),
        transform_quantity=_transform(params),
        type="recurring" if recurring else "one_time",
        _tiers=tiers or None,
        **_unit_amount(params, needed=not tiers),
    )
    emit(world, "price.created", price)
    return price


def _unit_amount(params: Params, *, needed: bool) -> dict[str, Any]:
    whole, exact = params.integer("unit_amount"), params.number("unit_amount_decimal")
    if whole is None and exact is None:
        if needed:
            raise params.missing(name="unit_amount")
        return {"unit_amount": None, "unit_amount_decimal": None}
    exact = Decimal(whole or 0) if exact is None else exact
    fits = exact == exact.to_integral_value()
    return {"unit_amount": int(exact) if fits else None, "unit_amount_decimal": f"{exact:f}"}


def _recurring(world: World, params: Params) -> Obj:
    kind = params.choice("usage_type", ("licensed", "metered")) or "licensed"
    meter = params.text("meter")
    if kind == "metered" and not meter:
        raise params.missing(name="meter")
    if meter:
        world.need("billing.meter", meter, param="recurring[meter]")
    return {
        "interval": params.choice("interval", INTERVALS) or params.need_text("interval"),
        "interval_count": params.integer("interval_count") or 1,
        "meter": meter,
        "trial_period_days": params.integer("trial_period_days"),
        "usage_type": kind,
    }


def _tier(params: Params) -> Obj:
    up_to = params.need_text("up_to")
    flat, unit = _decimal(params, "flat_amount"), _decimal(params, "unit_amount")
    return {
        "flat_amount": _whole(flat),
        "flat_amount_decimal": None if flat is None else f"{flat:f}",
        "unit_amount": _whole(unit),
        "unit_amount_decimal": None if unit is None else f"{unit:f}",
        "up_to": None if up_to == "inf" else params.need_integer("up_to"),
    }


def _decimal(params: Params, name: str) -> Decimal | None:
    whole, exact = params.integer(name), params.number(f"{name}_decimal")
    return exact if whole is None else Decimal(whole)


def _whole(amount: Decimal | None) -> int | None:
    if amount is None or amount != amount.to_integral_value():
        return None
    return int(amount)


def _transform(params: Params) -> Obj | None:
    if not params.has("transform_quantity"):
        return None
    sent = params.nested("transform_quantity")
    return {
        "divide_by": sent.need_integer("divide_by"),
        "round": sent.choice("round", ("up", "down")) or sent.need_text("round"),
    }
