"""What a quantity of a price costs, in the currency's minor unit."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from prunella_sandbox.store import Obj


def amount_for(price: Obj, quantity: int | Decimal) -> int:
    """Price a quantity, rounded half up once at the end."""
    exact = (
        _tiered(price, quantity) if price["billing_scheme"] == "tiered" else _flat(price, quantity)
    )
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _flat(price: Obj, quantity: int | Decimal) -> Decimal:
    return Decimal(price["unit_amount_decimal"]) * _units(price, quantity)


def _units(price: Obj, quantity: int | Decimal) -> int | Decimal:
    transform = price["transform_quantity"]
    if transform is None:
        return quantity
    whole, rest = divmod(quantity, int(transform["divide_by"]))
    return whole + (1 if rest and transform["round"] == "up" else 0)


def _tiered(price: Obj, quantity: int | Decimal) -> Decimal:
    tiers = price["_tiers"]
    if price["tiers_mode"] == "volume":
        tier = next(tier for tier in tiers if tier["up_to"] is None or quantity <= tier["up_to"])
        return _of_tier(tier, Decimal(quantity))
    return _graduated(tiers, Decimal(quantity))


def _graduated(tiers: list[Any], quantity: Decimal) -> Decimal:
    total, below = Decimal(0), Decimal(0)
    for tier in tiers:
        top = quantity if tier["up_to"] is None else min(quantity, Decimal(tier["up_to"]))
        if top <= below and below:
            break
        total += _of_tier(tier, max(Decimal(0), top - below))
        below = top
    return total


def _of_tier(tier: Obj, quantity: Decimal) -> Decimal:
    unit = Decimal(tier["unit_amount_decimal"] or 0)
    return unit * quantity + Decimal(tier["flat_amount_decimal"] or 0)
