"""Whether two payments were for the same thing. When in doubt, they were not."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Literal

from prunella.diagnostics.facts import Attempt, Facts, Invoice, Line

Sameness = Literal["invoice", "lines", "description", "metadata"]


def same_purpose(facts: Facts, one: Attempt, other: Attempt) -> Sameness | None:
    """What shows that both paid for the same thing, or None."""
    if one.invoice and one.invoice == other.invoice:
        return _same_invoice(facts.invoice(one.invoice), one)
    if one.invoice or other.invoice:
        return _same_lines(facts.invoice(one.invoice), facts.invoice(other.invoice))
    if one.metadata != other.metadata or one.description != other.description:
        return None
    if one.description:
        return "description"
    return "metadata" if one.metadata else None


def _same_invoice(invoice: Invoice | None, payment: Attempt) -> Sameness | None:
    """An invoice may be paid in two halves; twice the whole is once too often."""
    if invoice is None or invoice.total is None or payment.amount is None:
        return None
    if invoice.total.currency != payment.amount.currency:
        return None
    return "invoice" if 2 * payment.amount.amount > invoice.total.amount else None


def _same_lines(one: Invoice | None, other: Invoice | None) -> Sameness | None:
    """Two plans, two seats or two periods are two purposes."""
    if one is None or other is None or one.subscription != other.subscription:
        return None
    lines = sorted(map(_sold, one.lines), key=repr)
    same = lines == sorted(map(_sold, other.lines), key=repr)
    return "lines" if lines and same else None


def _sold(line: Line) -> tuple[Hashable, ...]:
    """What was sold; an item without a period carries the moment it was noted instead."""
    lasts = line.starts_at != line.ends_at
    period = (line.starts_at, line.ends_at) if lasts else None
    return line.price, line.product, line.description, line.item, line.quantity, period
