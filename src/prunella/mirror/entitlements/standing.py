"""What Stripe says that a customer has, short enough to see that it is another. Pure."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

GIVES = frozenset({"active", "trialing"})


def standing_of(subscriptions: Iterable[Mapping[str, Any]]) -> str:
    """Name which prices they have, how many of each, and whether each plan runs."""
    said = sorted(_said(one) for one in subscriptions)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]


def _said(subscription: Mapping[str, Any]) -> str:
    items = (subscription.get("items") or {}).get("data") or []
    held = sorted(f"{(one.get('price') or {}).get('id')}*{one.get('quantity')}" for one in items)
    status = subscription.get("status")
    runs = "runs" if status in GIVES else status
    return f"{subscription.get('id')} {runs} {' '.join(held)}"
