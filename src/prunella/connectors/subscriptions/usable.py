"""What a customer may use, as the company's own system says or is told."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from prunella.connectors.subscriptions.errors import UnreadableAnswer

MAX_PLAN = 200
MAX_QUANTITY = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Usable:
    """`plan` is a name of plans.toml or one of its refs, None where they have none.

    `quantity` counts what is bought by number, seats for example; None where nobody counts.
    """

    plan: str | None
    active: bool
    quantity: int | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def read_usable(told: Mapping[str, Any]) -> Usable:
    """Read `plan`, `active` and perhaps `quantity`. Raises `UnreadableAnswer`."""
    plan, active, quantity = told.get("plan"), told.get("active"), told.get("quantity")
    fits = (plan is None or _is_name(plan)) and (quantity is None or _is_count(quantity))
    if "plan" not in told or not isinstance(active, bool) or not fits:
        raise UnreadableAnswer
    return Usable(plan=plan, active=active, quantity=quantity)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_PLAN and value.isprintable()


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_QUANTITY
