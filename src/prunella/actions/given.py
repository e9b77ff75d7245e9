"""What went back of a payment, or may: Stripe's figures and our own ledger's. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from prunella.actions.action import Action

_NOT_GIVEN = frozenset({"failed", "canceled"})
_RESERVED = frozenset({"requested", "awaiting_approval", "approved", "submitting", "unknown"})
_COUNTS = _RESERVED | {"succeeded"}


def given_back(
    raw: Mapping[str, Any], refunds: Iterable[Mapping[str, Any]], ours: Iterable[Action]
) -> int:
    """Sum up what went back, or may go: Stripe's figure, and ours that Stripe shows nothing of yet.

    The larger of Stripe's two figures counts: a charge and its refunds are read one by one.
    """
    standing = [one for one in refunds if one.get("status") not in _NOT_GIVEN]
    seen = {one["id"] for one in refunds}
    marked = {(one.get("metadata") or {}).get("prunella_action") for one in refunds}
    theirs = max(raw.get("amount_refunded") or 0, sum(one.get("amount") or 0 for one in standing))
    return theirs + sum(
        action.amount or 0
        for action in ours
        if action.state in _COUNTS
        and action.id not in marked
        and action.result.get("refund") not in seen
    )
