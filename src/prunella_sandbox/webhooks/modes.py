"""What may happen to deliveries on the way: twice, out of order, held back."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Literal, get_args

from prunella_sandbox.world import Delivery

Mode = Literal["normal", "duplicate", "reorder", "hold"]
MODES: tuple[str, ...] = (*get_args(Mode), "release")


def arranged(batch: Sequence[Delivery], mode: Mode, chance: random.Random) -> list[Delivery]:
    """Arrange a batch as the mode says: `duplicate` sends each twice, `reorder` shuffles."""
    deliveries = list(batch)
    if mode == "duplicate":
        deliveries = [delivery for delivery in deliveries for _ in range(2)]
    if mode == "reorder":
        chance.shuffle(deliveries)
    return deliveries
