"""One payment that failed: what the bank meant, and whether it may be tried again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from prunella.diagnostics.declines import Decline, decline_of
from prunella.diagnostics.facts import (
    Attempt,
    ChargedBy,
    Facts,
    Invoice,
    PaymentMethod,
    Subscription,
)
from prunella.diagnostics.findings import Hurt, Status
from prunella.kit.money import Money

# Visa lets 15 retries in 30 days pass; every try of ours, Stripe's and the customer's counts.
MAX_TRIES = 15
TRIES_WITHIN = timedelta(days=30)
DUPLICATE_WITHIN = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """`method` is what failed, `next_method` what the next try would take."""

    attempt: Attempt
    decline: Decline
    now: datetime
    invoice: Invoice | None = None
    subscription: Subscription | None = None
    method: PaymentMethod | None = None
    charged_by: ChargedBy | None = None
    next_method: PaymentMethod | None = None
    # What the bank said the last time the next method was asked; None: it never was.
    next_decline: Decline | None = None
    earlier_success: Attempt | None = None
    tries: int = 0

    @property
    def owed(self) -> Money | None:
        return self.invoice.remaining if self.invoice else self.attempt.amount

    @property
    def card_changed(self) -> bool:
        """A method is in place that was never asked for this, or that was renewed since."""
        return self.charged_by is not None and (self.next_decline is None or self.card_renewed)

    @property
    def card_renewed(self) -> bool:
        """The same card with a new date on it."""
        old, new = self.attempt.method, self.next_method
        if old is None or new is None or old.exp_year is None or old.id != new.id:
            return False
        return (old.exp_year, old.exp_month) != (new.exp_year, new.exp_month)

    @property
    def other_card(self) -> bool:
        """The next try would not take the method that failed last."""
        failed = self.attempt.method.id if self.attempt.method else None
        return self.charged_by is not None and failed not in {None, self.charged_by.id}

    @property
    def retry_allowed(self) -> bool:
        if self.tries >= MAX_TRIES or self.decline.telling == "special":
            return False
        if self.card_changed:
            return True
        return (self.next_decline or self.decline).retry_allowed

    @property
    def payable(self) -> bool:
        """Whether a button can pay it: what belongs to no invoice, a person settles."""
        return self.invoice is not None

    @property
    def next_try_at(self) -> datetime | None:
        """Stripe keeps a date after a hard decline too, but then it tries nothing."""
        at = self.invoice.next_payment_attempt_at if self.invoice else None
        return at if at is not None and at > self.now and self.retry_allowed else None

    @property
    def settles_itself(self) -> bool:
        return self.decline.telling == "transient" and self.next_try_at is not None

    @property
    def status(self) -> Status:
        return "amber" if self.settles_itself else "red"

    @property
    def hurt(self) -> Hurt:
        if self.settles_itself:
            return "attention"
        return "service_off" if stopped(self.subscription) else "money_due"

    def _earlier_charge(self) -> str | None:
        success = self.earlier_success
        return success.charge if success and self.decline.telling == "special" else None

    def evidence(self) -> dict[str, Any]:
        return evidence_of(
            self.attempt,
            invoice=self.invoice,
            subscription=self.subscription,
            method=self.method,
        ) | {
            "decline_class": self.decline.shown_class,
            "decline_code": self.decline.shown_code,
            "retry_allowed": self.retry_allowed,
            "tries_in_30_days": self.tries,
            "earlier_charge": self._earlier_charge(),
            "next_payment_attempt_at": self.next_try_at,
            "charged_by": self.charged_by.field if self.charged_by else None,
        }


def failure_of(
    facts: Facts,
    attempt: Attempt,
    *,
    invoice: Invoice | None = None,
) -> Failure:
    charged_by = facts.charged_for(invoice) if invoice else facts.charged_by
    failure = Failure(
        attempt=attempt,
        decline=decline_of(attempt),
        now=facts.now,
        invoice=invoice,
        subscription=facts.subscription(invoice.subscription) if invoice else None,
        method=seen(facts, attempt.method),
        charged_by=charged_by,
        next_method=facts.method(charged_by.id) if charged_by else None,
        next_decline=_last_said(facts, attempt, charged_by),
        earlier_success=_earlier_success(facts, attempt),
    )
    return replace(failure, tries=_tries(facts, failure))


def _last_said(facts: Facts, attempt: Attempt, charged_by: ChargedBy | None) -> Decline | None:
    """A failure whose method is not known counts for the one in place."""
    asked = [
        one
        for one in facts.attempts
        if (one.invoice or one.payment_intent) == (attempt.invoice or attempt.payment_intent)
        and one.outcome in {"failed", "requires_action"}
        and (one.method is None or one.method.id in {None, charged_by.id if charged_by else None})
    ]
    return decline_of(asked[-1]) if asked else None


def _earlier_success(facts: Facts, attempt: Attempt) -> Attempt | None:
    """The same amount, taken shortly before: what a bank calls a duplicate may be one."""
    return next((one for one in reversed(facts.attempts) if _precedes(one, attempt)), None)


def _precedes(earlier: Attempt, attempt: Attempt) -> bool:
    if earlier.outcome != "succeeded" or earlier.amount is None or earlier.at is None:
        return False
    if attempt.at is None or earlier.amount != attempt.amount:
        return False
    return attempt.at - DUPLICATE_WITHIN <= earlier.at <= attempt.at


def stopped(subscription: Subscription | None) -> bool:
    return subscription is not None and subscription.status in {"unpaid", "incomplete"}


def seen(facts: Facts, method: PaymentMethod | None) -> PaymentMethod | None:
    """What the charge says of the card, else what we know of it."""
    if method is None or method.last4:
        return method
    return facts.method(method.id) or method


def evidence_of(
    attempt: Attempt,
    *,
    invoice: Invoice | None,
    subscription: Subscription | None,
    method: PaymentMethod | None,
) -> dict[str, Any]:
    """Ids and figures that a person of ours can look up; nothing of the network's own words."""
    amount = attempt.amount or (invoice.remaining if invoice else None)
    return {
        "invoice": attempt.invoice,
        "invoice_number": invoice.number if invoice else None,
        "charge": attempt.charge,
        "payment_intent": attempt.payment_intent,
        "subscription": invoice.subscription if invoice else None,
        "subscription_status": subscription.status if subscription else None,
        "amount": amount.amount if amount else None,
        "currency": amount.currency if amount else None,
        "at": attempt.at,
        "payment_method": method.id if method else None,
        "card_brand": method.brand if method else None,
        "card_last4": method.last4 if method else None,
    }


def _tries(facts: Facts, failure: Failure) -> int:
    """Tries that count against the next one: on its card, and on the invoice if the card stays."""
    since = facts.now - TRIES_WITHIN
    lately = [one for one in facts.attempts if one.at and one.at > since]
    card = failure.charged_by.id if failure.charged_by else None
    on_card = sum(1 for one in lately if card and one.method and one.method.id == card)
    if failure.card_changed or failure.invoice is None:
        return on_card
    on_invoice = sum(1 for one in lately if one.invoice == failure.invoice.id)
    return max(on_card, on_invoice)
