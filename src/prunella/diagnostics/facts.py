"""What a judgement knows about one customer. Times are aware; what is not known is None."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from prunella.diagnostics.facts_access import Access, Entitlement
from prunella.diagnostics.facts_billing import (
    ChargedBy,
    ChargedField,
    Invoice,
    Line,
    PaymentMethod,
    Sold,
    Subscription,
)
from prunella.kit.money import Money

__all__ = [
    "Access",
    "Attempt",
    "AttemptOutcome",
    "ChargedBy",
    "ChargedField",
    "CheckoutSession",
    "Dispute",
    "Entitlement",
    "Facts",
    "Invoice",
    "Line",
    "PaymentMethod",
    "Refund",
    "SetupIntent",
    "Sold",
    "Source",
    "SourceState",
    "Subscription",
]

SourceState = Literal["live", "mirror", "unreachable"]
AttemptOutcome = Literal["succeeded", "failed", "processing", "requires_action"]
Metadata = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where facts come from, and how fresh they are.

    `name` is `stripe`, or `subscriptions`: the company's own system.
    """

    name: str
    as_of: datetime | None
    state: SourceState = "mirror"


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try to take money; a failed charge is the lasting evidence of a failure."""

    outcome: AttemptOutcome
    at: datetime | None = None
    amount: Money | None = None
    charge: str | None = None
    payment_intent: str | None = None
    invoice: str | None = None
    method: PaymentMethod | None = None
    code: str | None = None
    decline_code: str | None = None
    advice_code: str | None = None
    outcome_type: str | None = None
    payment_intent_status: str | None = None
    description: str | None = None
    metadata: Metadata = ()
    captured: bool = True
    refunded: Money | None = None
    disputed: bool = False


@dataclass(frozen=True, kw_only=True)
class CheckoutSession:
    id: str
    status: str | None = None
    mode: str | None = None
    payment_status: str | None = None
    amount: Money | None = None
    created: datetime | None = None
    expires_at: datetime | None = None
    recovered_from: str | None = None
    subscription: str | None = None
    invoice: str | None = None
    payment_intent: str | None = None
    recoverable: bool = False


@dataclass(frozen=True, kw_only=True)
class Refund:
    """Why it failed is for us; a customer only hears that it did."""

    id: str
    status: str | None = None
    amount: Money | None = None
    charge: str | None = None
    payment_intent: str | None = None
    at: datetime | None = None
    failure_reason: str | None = None
    pending_reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Dispute:
    """A chargeback at the bank. `evidence_due_at` and `reason` are for us."""

    id: str
    status: str | None = None
    amount: Money | None = None
    charge: str | None = None
    payment_intent: str | None = None
    at: datetime | None = None
    reason: str | None = None
    evidence_due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SetupIntent:
    id: str
    status: str | None = None
    method: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything a diagnosis may look at. `as_of` is how old the oldest fact may be."""

    customer: str
    now: datetime
    name: str | None = None
    email: str | None = None
    time_zone: str = "UTC"
    locale: str = "en"
    as_of: datetime | None = None
    deleted: bool = False
    sources: tuple[Source, ...] = ()
    charged_by: ChargedBy | None = None
    methods: tuple[PaymentMethod, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    checkout_sessions: tuple[CheckoutSession, ...] = ()
    refunds: tuple[Refund, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    setup_intents: tuple[SetupIntent, ...] = ()
    # None where there is no system of the company's own to ask.
    entitlement: Entitlement | None = None
    # Charges that only a person may send back, as policy would decide now.
    asks_person: frozenset[str] = frozenset()

    def method(self, method_id: str | None) -> PaymentMethod | None:
        return next((m for m in self.methods if method_id and m.id == method_id), None)

    def expires_at(self, method: PaymentMethod | None) -> datetime | None:
        """When it is no longer good, by the customer's own calendar."""
        return method.expires_at(self.time_zone) if method else None

    def expired(self, method: PaymentMethod | None) -> bool:
        ends = self.expires_at(method)
        return ends is not None and ends <= self.now

    def subscription(self, subscription_id: str | None) -> Subscription | None:
        return next((s for s in self.subscriptions if s.id == subscription_id), None)

    def invoice(self, invoice_id: str | None) -> Invoice | None:
        return next((one for one in self.invoices if one.id == invoice_id), None)

    def payment(self, *, charge: str | None, payment_intent: str | None) -> Attempt | None:
        """The payment that this charge, or else this intent, made."""
        made = [one for one in self.attempts if charge and one.charge == charge]
        made += [
            one for one in self.attempts if payment_intent and one.payment_intent == payment_intent
        ]
        return next((one for one in made if one.outcome == "succeeded"), next(iter(made), None))

    def attempts_for(self, invoice: Invoice) -> Iterator[Attempt]:
        """Oldest first."""
        return (attempt for attempt in self.attempts if attempt.invoice == invoice.id)

    def charged_for(self, invoice: Invoice) -> ChargedBy | None:
        """Which field decides what is charged for this invoice, next time it is."""
        subscription = self.subscription(invoice.subscription)
        of_subscription = subscription.charged_by if subscription else None
        return invoice.charged_by or of_subscription or self.charged_by

    def charged_for_plan(self, subscription: Subscription) -> ChargedBy | None:
        return subscription.charged_by or self.charged_by
