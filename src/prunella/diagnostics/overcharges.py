"""Was too much billed? Only what paid bills themselves prove counts, never what merely looks odd.

The one judgement of it: the diagnosis tells it, and policy asks it again before money goes back.
Why this is proof and other things are none: docs/decisions/0023-what-proves-an-overcharge.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from prunella.diagnostics.books import Books, books_of
from prunella.diagnostics.duplicates import MATTERS_FOR, is_duplicate
from prunella.diagnostics.facts import Attempt, Facts, Invoice
from prunella.diagnostics.miscounted import WrongLine, wrong_lines
from prunella.kit.money import Money

Settled = Literal["", "long_ago", "told_elsewhere", "bank_looks_at_it", "billed_back"]


@dataclass(frozen=True, kw_only=True)
class Overcharge:
    """A paid bill that asks too much. `back` is what of it has gone back, or been credited.

    `others` are the bills that make the proof beside it: what went back of those counts as well.
    """

    invoice: Invoice
    payment: Attempt
    lines: tuple[WrongLine, ...]
    over: Money
    back: Money
    others: tuple[Invoice, ...] = ()

    @property
    def left(self) -> Money:
        """What they have not had back."""
        return Money(max(self.over.amount - self.back.amount, 0), self.over.currency)

    @property
    def charge(self) -> str:
        return self.payment.charge or ""

    @property
    def bills(self) -> tuple[str, ...]:
        """Every bill of which what went back counts."""
        return (self.invoice.id, *(one.id for one in self.others))


@dataclass(frozen=True, kw_only=True)
class Billed:
    """One paid bill that was looked at, and why too much was billed on it, or was not."""

    invoice: Invoice
    because: str
    overcharge: Overcharge | None = None


def overcharge_of(
    facts: Facts, *, charge: str | None = None, invoice: str | None = None
) -> Overcharge | None:
    """Return what is proven of this payment, or of this bill, also when it went back already."""
    for one in billed(facts):
        found = one.overcharge
        if found and (found.charge == charge or found.invoice.id == invoice):
            return found
    return None


def billed(facts: Facts) -> Iterator[Billed]:
    """Oldest first. Only bills that were paid: what is not paid yet can still be put right."""
    books = books_of(facts)
    for invoice in facts.invoices:
        if invoice.status == "paid" and invoice.total and invoice.total.amount > 0:
            yield _look(books, invoice)


def _look(books: Books, invoice: Invoice) -> Billed:
    facts = books.facts
    if invoice.paid_at is not None and invoice.paid_at < facts.now - MATTERS_FOR:
        return Billed(invoice=invoice, because="long_ago")
    payment = paid_by(facts, invoice)
    if payment is None or not adds_up(invoice):
        return Billed(invoice=invoice, because="not_checked")
    wrong = tuple(
        one for one in wrong_lines(books, invoice) if all(_is_sure(facts, b) for b in one.beside)
    )
    if not wrong:
        return Billed(invoice=invoice, because="billed_right")
    return _judged(facts, _overcharge(facts, invoice, payment, wrong))


def _judged(facts: Facts, found: Overcharge) -> Billed:
    why_not = _settled(facts, found)
    if why_not and why_not != "billed_back":
        return Billed(invoice=found.invoice, because=why_not)
    because = why_not or f"billed_{found.lines[0].why}"
    return Billed(invoice=found.invoice, because=because, overcharge=found)


def paid_by(facts: Facts, invoice: Invoice) -> Attempt | None:
    """Return the one payment that paid for it; of several, which one paid too much is not said."""
    taken = {
        one.charge: one
        for one in facts.attempts_for(invoice)
        if one.outcome == "succeeded" and one.captured and one.charge
    }
    only = next(iter(taken.values()), None) if len(taken) == 1 else None
    if only is None or only.amount is None or invoice.total is None:
        return None
    fits = only.amount.currency == invoice.total.currency and only.amount <= invoice.total
    return only if fits and only.amount else None


def adds_up(invoice: Invoice) -> bool:
    """Whether all of its lines are known, with everything that was taken off or added to them."""
    lines = [one.comes_to for one in invoice.lines]
    known = [one for one in lines if one is not None]
    if not known or len(known) != len(lines) or invoice.total is None:
        return False
    same = {one.currency for one in known} == {invoice.total.currency}
    return same and sum(one.amount for one in known) == invoice.total.amount


def _is_sure(facts: Facts, beside: Invoice) -> bool:
    """A bill that proves something was paid with money as well, and is known to its last line."""
    return paid_by(facts, beside) is not None and adds_up(beside)


def _overcharge(
    facts: Facts, invoice: Invoice, payment: Attempt, wrong: Sequence[WrongLine]
) -> Overcharge:
    currency = wrong[0].over.currency
    most = payment.amount.amount if payment.amount else 0
    others = {one.id: one for line in wrong for one in line.beside}
    back = sum(_back(facts, one) for one in (invoice, *others.values()))
    return Overcharge(
        invoice=invoice,
        payment=payment,
        lines=tuple(wrong),
        over=Money(min(sum(one.over.amount for one in wrong), most), currency),
        back=Money(back, currency),
        others=tuple(others.values()),
    )


def _back(facts: Facts, invoice: Invoice) -> int:
    """What went back of a bill, or is on its way: the larger of Stripe's two figures counts."""
    payment = paid_by(facts, invoice)
    if payment is None:
        return invoice.credited
    refunds = (one for one in facts.refunds if one.charge == payment.charge)
    standing = (one.amount for one in refunds if one.status not in {"failed", "canceled"})
    shown = payment.refunded.amount if payment.refunded else 0
    return max(shown, sum(one.amount for one in standing if one)) + invoice.credited


def _settled(facts: Facts, found: Overcharge) -> Settled:
    """Why nothing is owed any more; empty when something is."""
    at = found.payment.at
    if at is None or at < facts.now - MATTERS_FOR:
        return "long_ago"
    if is_duplicate(facts, found.charge):
        return "told_elsewhere"
    payments = [paid_by(facts, one) for one in (found.invoice, *found.others)]
    disputed = {one.charge for one in facts.disputes}
    if any(one and (one.disputed or one.charge in disputed) for one in payments):
        return "bank_looks_at_it"
    return "" if found.left else "billed_back"
