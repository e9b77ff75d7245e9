"""What a customer may use beside what they pay for, told as stories."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.diagnostics.stripe_json import (
    NOW,
    Json,
    diagnosed_of,
    facts,
    paid_invoice,
    subscription,
)
from tests.diagnostics.test_root_causes import EVERY_FIX

from prunella.connectors.subscriptions import Usable
from prunella.diagnostics.facts import Entitlement
from prunella.diagnostics.findings import Diagnosis
from prunella.diagnostics.parse_access import entitlement
from prunella.kit.clock import system_now
from prunella.mirror import Entitlement as Asked
from prunella.mirror import standing_of

REFS = {
    **{name: name for name in ("free", "starter", "professional", "enterprise")},
    "price_starter": "starter",
    "professional_usd": "professional",
    "prod_free": "free",
}


def asked(usable: Usable | None, plans: list[Json], **changed: Any) -> Asked:
    """What the company's own system answered, when Stripe said what it says now."""
    given: dict[str, Any] = {
        "writable": True,
        "standing": standing_of(plans),
        "as_of": NOW,
        "asked_at": system_now(),
    }
    return Asked(kind="http", usable=usable, **(given | changed))


def known(usable: Usable | None, *plans: Json, **changed: Any) -> Entitlement:
    return entitlement(asked(usable, list(plans), **changed), plans, REFS)


def told(usable: Usable | None, *others: Json, **changed: Any) -> Diagnosis:
    """The diagnosis of somebody who pays for one Starter, unless told otherwise."""
    plans = [one for one in others if one["object"] == "subscription"] or [subscription()]
    found = facts(*others)
    return diagnosed_of(replace(found, entitlement=known(usable, *plans, **changed)), EVERY_FIX)


def seats(count: int) -> Json:
    plan = subscription()
    item = plan["items"]["data"][0] | {"quantity": count}
    return plan | {"items": {"object": "list", "data": [item]}}


def on(plan: str | None, *, active: bool = True, quantity: int | None = 1) -> Usable:
    return Usable(plan=plan, active=active, quantity=quantity)


def stories() -> Iterator[Diagnosis]:
    for writable in (True, False):
        for usable in (on(None, active=False), on("free"), on("starter"), on("enterprise")):
            yield told(usable, paid_invoice(), writable=writable)
        yield told(on("starter", quantity=2), seats(5), writable=writable)
        yield told(on("starter", quantity=9), seats(5), writable=writable)
        yield told(on("starter"), subscription("canceled"), writable=writable)
