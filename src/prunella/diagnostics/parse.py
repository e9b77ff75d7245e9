"""Stripe's objects, as API version 2026-10-28.endive gives them, turned into facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from prunella.diagnostics.facts import (
    ChargedBy,
    CheckoutSession,
    Dispute,
    Facts,
    PaymentMethod,
    Refund,
    SetupIntent,
    Source,
)
from prunella.diagnostics.parse_billing import charged_by, invoices, subscriptions
from prunella.diagnostics.parse_payments import attempts, method_from
from prunella.diagnostics.raw import (
    LONG_AGO,
    Objects,
    Raw,
    entries,
    inner,
    money,
    of_kind,
    ref,
    text,
    time,
)

_DEFAULT_ZONE = "UTC"


def facts_from(
    objects: Objects,
    *,
    customer: str,
    now: datetime,
    as_of: datetime | None = None,
    name: str | None = None,
    email: str | None = None,
    time_zone: str | None = None,
    locale: str = "en",
    sources: Sequence[Source] = (),
    links_renewed: Mapping[str, datetime] | None = None,
    statuses_before: Mapping[str, str] | None = None,
) -> Facts:
    """Facts about `customer`; what the profile does not say is taken from Stripe.

    `links_renewed` says when an invoice was last read again for a fresh link, by invoice id;
    `statuses_before` what a subscription's status was before the present one, by its id.
    """
    raw = _customer(objects, customer)
    return Facts(
        customer=customer,
        now=now,
        as_of=as_of,
        name=name or text(raw, "name"),
        email=email or text(raw, "email"),
        time_zone=_known_zone(time_zone),
        locale=locale,
        deleted=raw.get("deleted") is True,
        sources=tuple(sources),
        charged_by=_default_method(raw),
        methods=tuple(_methods(objects, raw)),
        subscriptions=subscriptions(objects, statuses_before=statuses_before or {}),
        invoices=invoices(objects, links_renewed=links_renewed or {}),
        attempts=attempts(objects),
        checkout_sessions=_sessions(objects),
        refunds=_refunds(objects),
        disputes=_disputes(objects),
        setup_intents=tuple(_setup_intent(raw) for raw in of_kind(objects, "setup_intent")),
    )


def _customer(objects: Objects, customer: str) -> Raw:
    known = of_kind(objects, "customer")
    return next((raw for raw in known if raw["id"] == customer), {})


def _known_zone(name: str | None) -> str:
    try:
        return ZoneInfo(name or _DEFAULT_ZONE).key
    except (KeyError, ValueError, OSError):  # what a key that is no zone, or a folder, raises
        return _DEFAULT_ZONE


def _default_method(customer: Raw) -> ChargedBy | None:
    """Customer invoice default before customer default source."""
    return charged_by(
        ("customer.invoice_settings.default_payment_method", inner(customer, "invoice_settings")),
        ("customer.default_source", customer),
    )


def _methods(objects: Objects, customer: Raw) -> Iterator[PaymentMethod]:
    for raw in of_kind(objects, "payment_method"):
        kind = text(raw, "type") or "card"
        yield method_from(kind=kind, method_id=text(raw, "id"), details=inner(raw, kind))
    for raw in (*entries(customer, "sources"), inner(customer, "default_source")):
        if text(raw, "id"):
            yield _older_method(raw)


def _older_method(raw: Raw) -> PaymentMethod:
    """A card says what it is itself; a source says it under the name of its type."""
    kind = text(raw, "object") or "card"
    details = raw
    if kind == "source":
        kind = text(raw, "type") or "card"
        details = inner(raw, kind)
    return method_from(kind=kind, method_id=text(raw, "id"), details=details)


def _sessions(objects: Objects) -> tuple[CheckoutSession, ...]:
    read = (_session(raw) for raw in of_kind(objects, "checkout.session"))
    return tuple(sorted(read, key=lambda one: (one.created or LONG_AGO, one.id)))


def _session(raw: Raw) -> CheckoutSession:
    return CheckoutSession(
        id=raw["id"],
        status=text(raw, "status"),
        mode=text(raw, "mode"),
        payment_status=text(raw, "payment_status"),
        amount=money(raw, "amount_total"),
        created=time(raw, "created"),
        expires_at=time(raw, "expires_at"),
        recovered_from=ref(raw, "recovered_from"),
        subscription=ref(raw, "subscription"),
        invoice=ref(raw, "invoice"),
        payment_intent=ref(raw, "payment_intent"),
        recoverable=text(inner(raw, "after_expiration", "recovery"), "url") is not None,
    )


def _refunds(objects: Objects) -> tuple[Refund, ...]:
    """Oldest first."""
    read = (_refund(raw) for raw in of_kind(objects, "refund"))
    return tuple(sorted(read, key=lambda one: (one.at or LONG_AGO, one.id)))


def _disputes(objects: Objects) -> tuple[Dispute, ...]:
    """Oldest first."""
    read = (_dispute(raw) for raw in of_kind(objects, "dispute"))
    return tuple(sorted(read, key=lambda one: (one.at or LONG_AGO, one.id)))


def _refund(raw: Raw) -> Refund:
    return Refund(
        id=raw["id"],
        status=text(raw, "status"),
        amount=money(raw, "amount"),
        charge=ref(raw, "charge"),
        payment_intent=ref(raw, "payment_intent"),
        at=time(raw, "created"),
        failure_reason=text(raw, "failure_reason"),
        pending_reason=text(raw, "pending_reason"),
    )


def _dispute(raw: Raw) -> Dispute:
    return Dispute(
        id=raw["id"],
        status=text(raw, "status"),
        amount=money(raw, "amount"),
        charge=ref(raw, "charge"),
        payment_intent=ref(raw, "payment_intent"),
        at=time(raw, "created"),
        reason=text(raw, "reason"),
        evidence_due_at=time(inner(raw, "evidence_details"), "due_by"),
    )


def _setup_intent(raw: Raw) -> SetupIntent:
    return SetupIntent(
        id=raw["id"],
        status=text(raw, "status"),
        method=ref(raw, "payment_method"),
        at=time(raw, "created"),
    )
