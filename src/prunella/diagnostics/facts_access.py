"""Facts of what a customer may use: by what they pay for, and by the company's own system."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# Why the two cannot be held against each other, or what comes of it where they can.
Compared = Literal[
    "uses_the_same",
    "uses_less",
    "uses_more",
    "not_asked_yet",
    "no_answer",
    "not_known_there",
    "changed_since",
    "plan_not_known",
    "plan_is_late",
]


@dataclass(frozen=True, kw_only=True)
class Access:
    """`level` orders plans, 0 where nothing is paid for or on. `subscription` is whose plan it is.

    `quantity` is None where nobody counts.
    """

    level: int
    plan: str | None = None
    quantity: int | None = None
    subscription: str | None = None


NOTHING = Access(level=0)


@dataclass(frozen=True, kw_only=True)
class Entitlement:
    """What Stripe and the company's own system say of one customer, held against each other.

    `paid` and `usable` are None where that is not known for certain. `writable`: what they may
    use can be brought up to date from here.
    """

    compared: Compared
    writable: bool
    paid: Access | None = None
    usable: Access | None = None
    as_of: datetime | None = None

    @property
    def differs(self) -> bool:
        return self.compared in {"uses_less", "uses_more"}


def compare(paid: Access, usable: Access) -> Compared:
    """A larger plan, or more of the same one. Pure."""
    if usable.level != paid.level:
        return "uses_less" if usable.level < paid.level else "uses_more"
    if not paid.level or paid.quantity is None or usable.quantity in {None, paid.quantity}:
        return "uses_the_same"
    return "uses_less" if (usable.quantity or 0) < paid.quantity else "uses_more"
