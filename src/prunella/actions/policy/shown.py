"""What the rules are shown: the facts, and beside them the limits that hold for this request."""

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from prunella.actions.policy.asks import Asked
from prunella.actions.policy.facts import GIVES, Facts
from prunella.actions.policy.kinds import POSSIBLE
from prunella.actions.policy.limits import Limits

WHOLE_DAY = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Automatic money of the last 24 hours, in millionths of the daily limit.

    Each currency takes its share of the one day: half of it in dollars leaves half for euros.
    `this` is what the request would add: all of it, and more, where the currency is not listed.
    """

    used: int
    this: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """The limits of this currency in minor units; `staff` is that of the asker's role."""

    charge: int | None
    customer: int | None
    duplicate: int | None
    staff: int | None
    refunds_in_30_days: int
    charge_age_days: int
    tries_in_30_days: int


SHOWN = {"possible": bool, "gives": bool, "day": Day, "limits": Allowed}
_TOO_MUCH = 2 * WHOLE_DAY


def context_of(facts: Facts, limits: Limits, asked: Asked) -> dict[str, Any]:
    """Return what the rules ask for, as Cedar reads it; what is None is left out."""
    given = _picked(facts, asked)
    if facts.currency and "currency" in given:
        given["currency"] = facts.currency.lower()
    if "possible" in asked:
        given["possible"] = facts.kind in POSSIBLE
    if "gives" in asked:
        given["gives"] = facts.kind in GIVES
    if "day" in asked:
        given["day"] = {"used": used_of_day(facts, limits), "this": adds_to_day(facts, limits)}
    if "limits" in asked:
        given["limits"] = _inside(_allowed(facts, limits), asked["limits"])
    return given


def _picked(record: Any, asked: Asked) -> dict[str, Any]:
    found = {}
    for name, within in asked.items():
        value = getattr(record, name, None)
        if value is not None:
            found[name] = _inside(value, within)
    return found


def _inside(value: Any, asked: Asked | None) -> Any:
    if not hasattr(value, "__dataclass_fields__"):
        return value
    return shown(value) if asked is None else _picked(value, asked)


def shown(record: Any) -> dict[str, Any]:
    """Return a record's fields, records within it as well; what is None is left out."""
    found = {}
    for name, nested in _names(record.__class__):
        value = getattr(record, name)
        if value is not None:
            found[name] = shown(value) if nested else value
    return found


@lru_cache(maxsize=64)
def _names(kind: Any) -> tuple[tuple[str, bool], ...]:
    plain = {str, int, bool}
    return tuple((one.name, _is_record(one.type, plain)) for one in fields(kind))


def _is_record(type_: Any, plain: set[type]) -> bool:
    inside = set(getattr(type_, "__args__", (type_,))) - {type(None)}
    return any(hasattr(one, "__dataclass_fields__") for one in inside - plain)


def used_of_day(facts: Facts, limits: Limits) -> int:
    """Return what is used up of the daily limit, in millionths, rounded up."""
    return sum(
        _share(amount, limits.of("automatic_day", currency))
        for currency, amount in facts.automatic_today.items()
    )


def adds_to_day(facts: Facts, limits: Limits) -> int:
    """Return what this request would use up of the daily limit, in millionths, rounded up."""
    if facts.kind not in GIVES or facts.asker.kind == "staff":
        return 0
    return _share(facts.amount or 0, limits.of("automatic_day", facts.currency))


def _share(amount: int, limit: int | None) -> int:
    if amount <= 0:
        return 0
    return min(-(-amount * WHOLE_DAY // limit), _TOO_MUCH) if limit else _TOO_MUCH


def _allowed(facts: Facts, limits: Limits) -> Allowed:
    currency = facts.currency
    return Allowed(
        charge=limits.of("charge", currency),
        customer=limits.of("customer", currency),
        duplicate=limits.of("duplicate", currency),
        staff=limits.of(facts.asker.role, currency) if facts.asker.kind == "staff" else None,
        refunds_in_30_days=limits.refunds_in_30_days,
        charge_age_days=limits.charge_age_days,
        tries_in_30_days=limits.tries_in_30_days,
    )
