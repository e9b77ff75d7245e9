"""What customers may use: it follows what they pay for, until somebody says otherwise."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

PLANS = ("free", "starter", "professional", "enterprise")
STILL_ON = frozenset({"active", "trialing", "past_due"})


@dataclass(frozen=True)
class Usable:
    """`quantity` of the plan, None where there is none."""

    plan: str | None
    active: bool
    quantity: int | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Entitlements:
    """One world's. What was said lasts until the customer pays for something else."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._said: dict[str, tuple[Usable, Usable]] = {}

    def of(self, customer: str) -> Usable | None:
        """Return what they may use; None where nobody is called so."""
        known = self._world.find("customer", customer)
        if known is None or known.get("deleted"):
            return None
        paid = self._paid_for(customer)
        paid_then, said = self._said.get(customer, (None, paid))
        return said if paid == paid_then else paid

    def say(self, customer: str, usable: Usable) -> None:
        """Have it be otherwise, or put right again."""
        self._said[customer] = (self._paid_for(customer), usable)

    def forget(self) -> None:
        self._said.clear()

    def _paid_for(self, customer: str) -> Usable:
        plans = self._world.newest_first_of("subscription", "customer", customer)
        items = [
            item for plan in plans if plan["status"] in STILL_ON for item in plan["items"]["data"]
        ]
        if not items:
            return Usable(plan=None, active=False)
        largest = max(items, key=_size)
        return Usable(plan=_name(largest), active=True, quantity=largest.get("quantity"))


def _size(item: Obj) -> int:
    name = _name(item)
    return PLANS.index(name) if name in PLANS else -1


def _name(item: Obj) -> str:
    """What the company calls it: by the lookup key of its price, else by its product."""
    price = item["price"]
    key = str(price.get("lookup_key") or "").rpartition("_")[0]
    return key or str(price["product"])
