"""What a payment was for. When in doubt, two were not for the same."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Literal

from prunella.diagnostics.facts import Attempt, Invoice, Line

Sameness = Literal["invoice", "lines", "description", "metadata"]
Purpose = tuple[Hashable, ...]


def purpose_of(payment: Attempt, bill: Invoice | None) -> Purpose | None:
    """Name what it was for, alike where it was for the same; None where nothing shows it.

    `bill` is the payment's invoice, None where it has none or that one is not known.
    """
    if payment.invoice:
        return _sold_on(bill) if bill else None
    if not payment.description and not payment.metadata:
        return None
    return "said", payment.description, payment.metadata


def same_purpose(one: Attempt, other: Attempt, bill: Invoice | None) -> Sameness | None:
    """What shows that both paid for the same; None where one bill was paid in parts.

    Asked of payments of one amount whose `purpose_of` is alike; `bill` is the first one's.
    """
    if not one.invoice:
        return "description" if one.description else "metadata"
    if one.invoice != other.invoice:
        return "lines"
    return "invoice" if bill and _is_most_of(bill, one) else None


def _sold_on(bill: Invoice) -> Purpose:
    """Two plans, two seats or two periods are two purposes; a bill without lines is its own."""
    if not bill.lines:
        return "bill", bill.id
    return "lines", bill.subscription, tuple(sorted(map(_sold, bill.lines), key=repr))


def _sold(line: Line) -> tuple[Hashable, ...]:
    """What was sold; an item without a period carries the moment it was noted instead."""
    lasts = line.starts_at != line.ends_at
    period = (line.starts_at, line.ends_at) if lasts else None
    return line.price, line.product, line.description, line.item, line.quantity, period


def _is_most_of(bill: Invoice, payment: Attempt) -> bool:
    """An invoice may be paid in two halves; twice the whole is once too often."""
    if bill.total is None or payment.amount is None:
        return False
    same = bill.total.currency == payment.amount.currency
    return same and 2 * payment.amount.amount > bill.total.amount
