"""Whether a bill to come is much higher than the last ones. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from prunella.diagnostics import Facts
from prunella.diagnostics.facts import Invoice
from prunella.kit.clock import from_unix
from prunella.kit.money import Money


@dataclass(frozen=True, slots=True)
class Upcoming:
    """What Stripe says that it will bill. It has no id of its own yet."""

    amount: Money
    at: datetime | None
    subscription: str | None


def upcoming_of(payload: Mapping[str, Any]) -> Upcoming | None:
    """Read `invoice.upcoming`; None where it does not say how much."""
    amount, currency = payload.get("amount_due"), payload.get("currency")
    if not isinstance(amount, int) or not isinstance(currency, str) or amount < 0:
        return None
    at = payload.get("next_payment_attempt") or payload.get("period_end")
    parent = payload.get("parent") or {}
    details = parent.get("subscription_details") or {} if isinstance(parent, dict) else {}
    named = details.get("subscription") or payload.get("subscription")
    return Upcoming(
        amount=Money(amount, currency),
        at=from_unix(at) if isinstance(at, int) else None,
        subscription=named if isinstance(named, str) else None,
    )


def usual_amount(facts: Facts, upcoming: Upcoming, *, invoices: int) -> Money | None:
    """Return the mean of the newest paid bills like it, if there are enough."""
    alike = [one for one in facts.invoices if _alike(one, upcoming)]
    alike.sort(key=lambda one: one.created or facts.now, reverse=True)
    totals = [one.total.amount for one in alike[:invoices] if one.total]
    if len(totals) < invoices:
        return None
    mean = (Decimal(sum(totals)) / len(totals)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return Money(int(mean), upcoming.amount.currency)


def is_unusual(upcoming: Upcoming, usual: Money, factor: Decimal) -> bool:
    return usual.amount > 0 and upcoming.amount.amount >= usual.amount * factor


def _alike(invoice: Invoice, upcoming: Upcoming) -> bool:
    if invoice.status != "paid" or not invoice.total or invoice.total.amount <= 0:
        return False
    same_plan = upcoming.subscription is None or invoice.subscription == upcoming.subscription
    return same_plan and invoice.total.currency == upcoming.amount.currency
