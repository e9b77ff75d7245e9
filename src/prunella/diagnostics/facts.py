"""What a judgement knows about one customer. Times are aware; what is not known is None."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from prunella.kit.money import Money

ChargedField = Literal[
    "invoice.default_payment_method",
    "invoice.default_source",
    "subscription.default_payment_method",
    "subscription.default_source",
    "customer.invoice_settings.default_payment_method",
    "customer.default_source",
]
SourceState = Literal["live", "mirror", "unreachable"]
AttemptOutcome = Literal["succeeded", "failed", "processing", "requires_action"]

INCOMPLETE_FOR = timedelta(hours=23)
LINK_AFTER_DUE = timedelta(days=30)
LINK_AT_MOST = timedelta(days=120)
RENEWED_LINK_FOR = timedelta(days=10)


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where facts come from, and how fresh they are. `name` is `stripe`, later others too."""

    name: str
    as_of: datetime | None
    state: SourceState = "mirror"


@dataclass(frozen=True, kw_only=True)
class ChargedBy:
    """The field that decides which method is charged, and the method that stands in it."""

    field: ChargedField
    id: str


@dataclass(frozen=True, kw_only=True)
class PaymentMethod:
    """`kind` is Stripe's type (`card`, `sepa_debit`, …); a card that failed may have no id."""

    id: str | None
    kind: str = "card"
    brand: str | None = None
    last4: str | None = None
    exp_month: int | None = None
    exp_year: int | None = None

    def expired(self, now: datetime) -> bool:
        """A card is good to the end of the month printed on it."""
        if self.exp_year is None or self.exp_month is None:
            return False
        return (self.exp_year, self.exp_month) < (now.year, now.month)


@dataclass(frozen=True, kw_only=True)
class Subscription:
    id: str
    status: str | None = None
    created: datetime | None = None
    collection_method: str | None = None
    charged_by: ChargedBy | None = None
    latest_invoice: str | None = None
    product: str | None = None
    price: str | None = None
    amount: Money | None = None
    interval: str | None = None
    current_period_end: datetime | None = None
    trial_end: datetime | None = None
    ended_at: datetime | None = None
    cancel_at_period_end: bool = False
    collection_paused: bool = False

    @property
    def running(self) -> bool:
        return self.status in {"active", "trialing", "past_due"}

    @property
    def first_payment_by(self) -> datetime | None:
        """Stripe lets an unpaid first invoice lapse after 23 hours."""
        return self.created + INCOMPLETE_FOR if self.created else None


@dataclass(frozen=True, kw_only=True)
class Invoice:
    id: str
    number: str | None = None
    status: str | None = None
    remaining: Money | None = None
    total: Money | None = None
    collection_method: str | None = None
    subscription: str | None = None
    charged_by: ChargedBy | None = None
    attempted: bool = False
    attempt_count: int = 0
    created: datetime | None = None
    finalized_at: datetime | None = None
    due_at: datetime | None = None
    paid_at: datetime | None = None
    next_payment_attempt_at: datetime | None = None
    link_renewed_at: datetime | None = None
    # An address that lets its holder pay; kept out of prints and logs.
    hosted_url: str | None = field(default=None, repr=False)

    @property
    def owed(self) -> bool:
        return self.status == "open" and self.remaining is not None and self.remaining.amount > 0

    @property
    def sent_to_pay(self) -> bool:
        return self.collection_method == "send_invoice"

    @property
    def link_expires_at(self) -> datetime | None:
        """30 days after the due date (else after finalisation), 120 at most; renewing adds time."""
        final = self.finalized_at or self.created
        start = self.due_at or final
        if start is None:
            return None
        ends = start + LINK_AFTER_DUE
        if final is not None:
            ends = min(ends, final + LINK_AT_MOST)
        if self.link_renewed_at is not None:
            ends = max(ends, self.link_renewed_at + RENEWED_LINK_FOR)
        return ends


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
    id: str
    status: str | None = None
    amount: Money | None = None
    charge: str | None = None
    payment_intent: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Dispute:
    id: str
    status: str | None = None
    amount: Money | None = None
    charge: str | None = None
    at: datetime | None = None


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

    def method(self, method_id: str | None) -> PaymentMethod | None:
        return next((m for m in self.methods if method_id and m.id == method_id), None)

    def subscription(self, subscription_id: str | None) -> Subscription | None:
        return next((s for s in self.subscriptions if s.id == subscription_id), None)

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
