"""Who is held out: the same customers every time, and nobody can tell by looking at them. Pure."""

import hashlib
from decimal import Decimal

_PARTS = 1_000_000


def is_held_out(customer: str, share: Decimal) -> bool:
    """Say whether this customer (our id) belongs to the share that gets Stripe's tries only."""
    digest = hashlib.sha256(f"holdout:{customer}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % _PARTS < share * _PARTS
