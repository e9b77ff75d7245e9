"""Which of Stripe's events would have told of a difference. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from prunella.mirror.sweep.compare import Difference

_SUBSCRIPTION = "customer.subscription"
_FAMILY: Mapping[str, str] = MappingProxyType(
    {"subscription": _SUBSCRIPTION, "dispute": "charge.dispute"}
)
_BY_STATUS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("invoice", "paid"): "invoice.paid",
        ("invoice", "void"): "invoice.voided",
        ("invoice", "uncollectible"): "invoice.marked_uncollectible",
        ("subscription", "canceled"): "customer.subscription.deleted",
        ("subscription", "paused"): "customer.subscription.paused",
        ("checkout.session", "complete"): "checkout.session.completed",
        ("checkout.session", "expired"): "checkout.session.expired",
        ("charge", "succeeded"): "charge.succeeded",
        ("charge", "failed"): "charge.failed",
        ("payment_intent", "succeeded"): "payment_intent.succeeded",
        ("payment_intent", "canceled"): "payment_intent.canceled",
        ("payment_intent", "processing"): "payment_intent.processing",
        ("payment_intent", "requires_action"): "payment_intent.requires_action",
        ("setup_intent", "succeeded"): "setup_intent.succeeded",
        ("refund", "failed"): "refund.failed",
        ("dispute", "won"): "charge.dispute.closed",
        ("dispute", "lost"): "charge.dispute.closed",
        ("dispute", "warning_closed"): "charge.dispute.closed",
    }
)
_BORN: Mapping[str, str] = MappingProxyType(
    {"payment_method": "payment_method.attached", "charge": "", "checkout.session": ""}
)
"""Kinds that Stripe has no `created` for, or another word."""
_CHANGED: Mapping[str, str] = MappingProxyType(
    {"checkout.session": "", "payment_intent": "", "setup_intent": ""}
)
"""Kinds that Stripe has no `updated` for."""


def untold(difference: Difference) -> list[str]:
    """Return the types of events, in the order in which Stripe would have sent them."""
    seen, known = difference.seen, difference.known
    family = _FAMILY.get(seen.kind, seen.kind)
    if seen.deleted:
        return [f"{family}.deleted"]
    before = known.data if known and not known.deleted else {}
    names = [_first(seen.kind, family, is_new=not before)]
    if seen.status != before.get("status"):
        names.append(_BY_STATUS.get((seen.kind, seen.status or ""), ""))
    if seen.kind == "invoice" and _has_failed(seen.data, before):
        names.append("invoice.payment_failed")
    if seen.kind == "charge" and seen.data.get("amount_refunded") != before.get("amount_refunded"):
        names.append("charge.refunded" if seen.data.get("amount_refunded") else "")
    return [name for name in names if name]


def _first(kind: str, family: str, *, is_new: bool) -> str:
    if is_new:
        return _BORN.get(kind, f"{family}.created")
    return _CHANGED.get(kind, f"{family}.updated")


def _has_failed(data: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    tried = data.get("attempt_count") or 0
    return data.get("status") == "open" and tried > (before.get("attempt_count") or 0)
