"""Where a contact can be settled, from the cheapest to the dearest."""

from collections.abc import Iterable
from typing import Literal, get_args

Tier = Literal["prevent", "selfheal", "agent", "human"]
TIERS: tuple[Tier, ...] = get_args(Tier)
Channel = Literal["mail", "web", "api", "phone", "slack"]
Direction = Literal["inbound", "outbound"]


def deepest(tiers: Iterable[Tier]) -> Tier:
    """Return the last tier that a contact reached."""
    return max(tiers, key=TIERS.index)


def in_order(tiers: Iterable[Tier]) -> list[Tier]:
    return sorted(set(tiers), key=TIERS.index)
