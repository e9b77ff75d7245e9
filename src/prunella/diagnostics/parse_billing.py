"""Subscriptions and invoices out of Stripe's JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from prunella.diagnostics.facts import ChargedBy, ChargedField, Invoice, Subscription
from prunella.diagnostics.parse_lines import credited, line, sold
from prunella.diagnostics.raw import (
    LONG_AGO,
    Objects,
    Raw,
    entries,
    inner,
    money,
    number,
    of_kind,
    ref,
    text,
    time,
    truth,
)
from prunella.kit.money import Money

# What `invoice.upcoming` and previews are called.
PREVIEW = "upcoming_in_"


def charged_by(*fields: tuple[ChargedField, Raw]) -> ChargedBy | None:
    """The first of these fields that holds a method; a field's last word is its key."""
    for field, holder in fields:
        held = ref(holder, field.rsplit(".", 1)[-1])
        if held is not None:
            return ChargedBy(field=field, id=held)
    return None


def subscriptions(
    objects: Objects,
    *,
    statuses_before: Mapping[str, str],
) -> tuple[Subscription, ...]:
    """Oldest first."""
    read = (
        _subscription(raw, status_before=statuses_before.get(raw["id"]))
        for raw in of_kind(objects, "subscription")
    )
    return tuple(sorted(read, key=lambda one: (one.created or LONG_AGO, one.id)))


def invoices(objects: Objects, *, links_renewed: Mapping[str, datetime]) -> tuple[Invoice, ...]:
    """Oldest first; what Stripe only draws up ahead of time is none yet."""
    notes: dict[str, list[Raw]] = {}
    for raw in of_kind(objects, "credit_note"):
        notes.setdefault(ref(raw, "invoice") or "", []).append(raw)
    read = (
        _invoice(raw, renewed_at=links_renewed.get(raw["id"]), notes=notes.get(raw["id"], ()))
        for raw in of_kind(objects, "invoice")
        if not raw["id"].startswith(PREVIEW)
    )
    return tuple(sorted(read, key=lambda one: (one.created or LONG_AGO, one.id)))


def _subscription(raw: Raw, *, status_before: str | None) -> Subscription:
    items = list(entries(raw, "items"))
    first = items[0] if items else {}
    price = inner(first, "price")
    ends = [end for item in items if (end := time(item, "current_period_end"))]
    return Subscription(
        id=raw["id"],
        status=text(raw, "status"),
        status_before=status_before,
        created=time(raw, "created"),
        collection_method=text(raw, "collection_method"),
        charged_by=charged_by(
            ("subscription.default_payment_method", raw),
            ("subscription.default_source", raw),
        ),
        latest_invoice=ref(raw, "latest_invoice"),
        product=ref(price, "product"),
        price=text(price, "id"),
        amount=_sum_of(items),
        interval=text(inner(price, "recurring"), "interval"),
        current_period_end=min(ends, default=None),
        trial_end=time(raw, "trial_end"),
        trial_without_card=text(
            inner(raw, "trial_settings", "end_behavior"), "missing_payment_method"
        ),
        ended_at=time(raw, "ended_at"),
        canceled_at=time(raw, "canceled_at"),
        cancel_at=time(raw, "cancel_at"),
        cancel_at_period_end=truth(raw, "cancel_at_period_end"),
        cancel_reason=text(inner(raw, "cancellation_details"), "reason"),
        collection_paused=bool(inner(raw, "pause_collection")),
        collection_resumes_at=time(inner(raw, "pause_collection"), "resumes_at"),
        schedule=ref(raw, "schedule"),
        update_pending=bool(inner(raw, "pending_update")),
        sold=tuple(map(sold, items)),
    )


def _sum_of(items: list[Raw]) -> Money | None:
    """What the items cost a period, or None when a price is not a plain amount."""
    costs = [
        (money(inner(item, "price"), "unit_amount"), number(item, "quantity")) for item in items
    ]
    known = [
        (cost, 1 if quantity is None else quantity) for cost, quantity in costs if cost is not None
    ]
    if not known or len(known) != len(items) or len({cost.currency for cost, _ in known}) > 1:
        return None
    return Money(sum(cost.amount * quantity for cost, quantity in known), known[0][0].currency)


def _invoice(raw: Raw, *, renewed_at: datetime | None, notes: Sequence[Raw]) -> Invoice:
    return Invoice(
        id=raw["id"],
        number=text(raw, "number"),
        status=text(raw, "status"),
        remaining=money(raw, "amount_remaining"),
        total=money(raw, "total"),
        collection_method=text(raw, "collection_method"),
        subscription=_subscription_of(raw),
        charged_by=charged_by(
            ("invoice.default_payment_method", raw),
            ("invoice.default_source", raw),
        ),
        attempted=truth(raw, "attempted"),
        attempt_count=number(raw, "attempt_count") or 0,
        created=time(raw, "created"),
        finalized_at=time(inner(raw, "status_transitions"), "finalized_at"),
        due_at=time(raw, "due_date"),
        paid_at=time(inner(raw, "status_transitions"), "paid_at"),
        next_payment_attempt_at=time(raw, "next_payment_attempt"),
        link_renewed_at=renewed_at,
        lines=tuple(line(one) for one in entries(raw, "lines")),
        reason=text(raw, "billing_reason"),
        credited=credited(raw, notes),
        hosted_url=text(raw, "hosted_invoice_url"),
    )


def _subscription_of(invoice: Raw) -> str | None:
    """Under `parent`; older API versions, frozen into their events, say it on top."""
    details = inner(invoice, "parent", "subscription_details")
    return ref(details, "subscription") or ref(invoice, "subscription")
