"""Facts of plans and bills: what is owed for what, and which method is charged for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import MAXYEAR, UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from prunella.kit.money import Money

ChargedField = Literal[
    "invoice.default_payment_method",
    "invoice.default_source",
    "subscription.default_payment_method",
    "subscription.default_source",
    "customer.invoice_settings.default_payment_method",
    "customer.default_source",
]

DECEMBER = 12
INCOMPLETE_FOR = timedelta(hours=23)
LINK_AFTER_DUE = timedelta(days=30)
LINK_AT_MOST = timedelta(days=120)
RENEWED_LINK_FOR = timedelta(days=10)


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

    def expires_at(self, time_zone: str) -> datetime | None:
        """The first moment it is no longer good: a card is, to the end of the month printed.

        The month ends where the customer is, as everything ends that they are told a day of.
        """
        year, month = self.exp_year, self.exp_month
        if year is None or month is None or not (1 <= month <= DECEMBER and 1 <= year < MAXYEAR):
            return None
        zone = ZoneInfo(time_zone)
        ends = datetime(year + month // DECEMBER, month % DECEMBER + 1, 1, tzinfo=zone)
        return ends.astimezone(UTC)


@dataclass(frozen=True, kw_only=True)
class Sold:
    """At what an item of a plan is sold. `licensed`: by the seat, not by what was used.

    `flat`: a quantity costs so many times `unit_amount`, with no steps and no packages.
    """

    item: str
    price: str | None = None
    licensed: bool = False
    flat: bool = False
    unit_amount: Decimal | None = None
    interval: str | None = None
    interval_count: int = 1


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """`status_before` is the one it had before this; `cancel_reason` is Stripe's own word."""

    id: str
    status: str | None = None
    status_before: str | None = None
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
    trial_without_card: str | None = None
    ended_at: datetime | None = None
    canceled_at: datetime | None = None
    cancel_at: datetime | None = None
    cancel_at_period_end: bool = False
    cancel_reason: str | None = None
    collection_paused: bool = False
    collection_resumes_at: datetime | None = None
    schedule: str | None = None
    update_pending: bool = False
    sold: tuple[Sold, ...] = ()

    @property
    def running(self) -> bool:
        return self.status in {"active", "trialing", "past_due"}

    @property
    def ending(self) -> bool:
        """Whether it is set to end by itself."""
        return self.running and (self.cancel_at_period_end or self.cancel_at is not None)

    @property
    def ends_at(self) -> datetime | None:
        """Until when it can be used, where that is known."""
        if not self.ending:
            return self.ended_at
        ends = [self.cancel_at, self.current_period_end if self.cancel_at_period_end else None]
        return min((end for end in ends if end), default=None)

    @property
    def next_payment_at(self) -> datetime | None:
        """When money is taken for it next, if nothing changes."""
        return self.trial_end if self.status == "trialing" else self.current_period_end

    @property
    def first_payment_by(self) -> datetime | None:
        """Stripe lets an unpaid first invoice lapse after 23 hours."""
        return self.created + INCOMPLETE_FOR if self.created else None


@dataclass(frozen=True, kw_only=True)
class Line:
    """What one line of an invoice bills. `item` is the subscription's own item, so a seat.

    `comes_to` is `amount` after discounts and with the tax that is added. `plain`: there is
    neither, and the quantity is whole. `part`: Stripe calls it a proration.
    """

    price: str | None = None
    product: str | None = None
    description: str | None = None
    item: str | None = None
    quantity: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    id: str | None = None
    amount: Money | None = None
    comes_to: Money | None = None
    unit_amount: Decimal | None = None
    plain: bool = False
    part: bool = False


@dataclass(frozen=True, kw_only=True)
class Invoice:
    """`credited`: what credit notes took off it, as far as no refund counts it already."""

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
    lines: tuple[Line, ...] = ()
    reason: str | None = None
    credited: int = 0
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
