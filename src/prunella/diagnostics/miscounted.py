"""Which lines of a paid bill ask for what is not owed. When in doubt, they do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import takewhile
from typing import Literal

from prunella.diagnostics.books import Books, Entry
from prunella.diagnostics.facts import Invoice, Line
from prunella.kit.money import Money

Why = Literal["again", "after_end", "wrong_sum"]
# What Stripe bills by itself for a whole period; a threshold bills one period in several parts.
_WHOLE_PERIODS = frozenset({"subscription_create", "subscription_cycle", "subscription_update"})
_LONGEST = {
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=31),
    "year": timedelta(days=366),
}
_CLOCKS_CHANGE = timedelta(hours=2)
# A price of 19 digits and 12 behind the point, times a quantity of 19.
_EXACT = Context(prec=60)


@dataclass(frozen=True, kw_only=True)
class WrongLine:
    """A line that bills `over` too much. `beside` are other bills that the proof rests on."""

    why: Why
    line: Line
    billed: Money
    right: Money
    beside: tuple[Invoice, ...] = ()

    @property
    def over(self) -> Money:
        return self.billed - self.right


def wrong_lines(books: Books, invoice: Invoice) -> Iterator[WrongLine]:
    """Each line once: for a period that nothing is owed for, its sum no longer matters."""
    for line in invoice.lines:
        found = (
            _after_the_end(books, invoice, line)
            or _again(books, invoice, line)
            or _miscounted(books, invoice, line)
        )
        if found is not None:
            yield found


def _after_the_end(books: Books, invoice: Invoice, line: Line) -> WrongLine | None:
    """A period that begins when the plan was over, on a bill that was made when it was over.

    What was paid ahead, before anybody ended the plan, is another matter.
    """
    plan = books.facts.subscription(invoice.subscription)
    if plan is None or plan.status != "canceled" or plan.ended_at is None:
        return None
    if line.item not in {one.item for one in plan.sold}:
        return None
    if line.starts_at is None or invoice.created is None or not _is_whole_period(books, line):
        return None
    if line.starts_at < plan.ended_at or invoice.created <= plan.ended_at:
        return None
    return _nothing_owed("after_end", line)


def _again(books: Books, invoice: Invoice, line: Line) -> WrongLine | None:
    """The same item for the same period, which a bill that was paid before bills as well."""
    if invoice.reason not in _WHOLE_PERIODS or not _is_whole_period(books, line):
        return None
    same = books.same(line)
    if len(same) == 1 or _times(same, invoice) != 1 or _is_taken_back(books, line):
        return None
    before = (bill for bill, _ in takewhile(lambda one: one[0].id != invoice.id, same))
    first = next((one for one in before if _bills_it_too(one, invoice, line, same)), None)
    return _nothing_owed("again", line, first) if first else None


def _bills_it_too(before: Invoice, invoice: Invoice, line: Line, same: Sequence[Entry]) -> bool:
    if before.subscription != invoice.subscription or before.status != "paid":
        return False
    if before.reason not in _WHOLE_PERIODS or _times(same, before) != 1:
        return False
    return any(bill.id == before.id and _alike(one, line) for bill, one in same)


def _times(same: Sequence[Entry], bill: Invoice) -> int:
    return sum(one.id == bill.id for one, _ in same)


def _miscounted(books: Books, invoice: Invoice, line: Line) -> WrongLine | None:
    """A quantity at a price that the line names itself, and another amount than the two make."""
    sold = books.sold_at(line)
    if sold is None or not sold.flat or not line.plain or not _is_whole_period(books, line):
        return None
    if invoice.reason not in _WHOLE_PERIODS or line.amount is None or line.quantity is None:
        return None
    if line.unit_amount is None or line.unit_amount != sold.unit_amount:
        return None
    right = Money(_rounded(line.unit_amount, line.quantity), line.amount.currency)
    if line.quantity < 1 or right.amount < 1 or line.amount <= right:
        return None
    return WrongLine(why="wrong_sum", line=line, billed=line.amount, right=right)


def _rounded(unit_amount: Decimal, quantity: int) -> int:
    exact = _EXACT.multiply(unit_amount, Decimal(quantity))
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP, context=_EXACT))


def _nothing_owed(why: Why, line: Line, *beside: Invoice) -> WrongLine | None:
    if line.comes_to is None:
        return None
    nothing = Money(0, line.comes_to.currency)
    return WrongLine(why=why, line=line, billed=line.comes_to, right=nothing, beside=beside)


def _is_whole_period(books: Books, line: Line) -> bool:
    """One period of an item that is sold by the seat, no part of one, and something is asked."""
    sold = books.sold_at(line)
    if sold is None or not sold.licensed or line.part:
        return False
    if line.starts_at is None or line.ends_at is None or not line.starts_at < line.ends_at:
        return False
    most = _LONGEST.get(sold.interval or "")
    if most is None or line.ends_at - line.starts_at > most * sold.interval_count + _CLOCKS_CHANGE:
        return False
    return line.comes_to is not None and line.comes_to.amount > 0


def _alike(one: Line, other: Line) -> bool:
    sold = (one.price, one.quantity, one.amount, one.comes_to)
    return sold == (other.price, other.quantity, other.amount, other.comes_to)


def _is_taken_back(books: Books, line: Line) -> bool:
    """Whether any bill credits unused time of this item within the period."""
    return any(_overlaps(one, line) for one in books.less.get(line.item, ()))


def _overlaps(one: Line, line: Line) -> bool:
    if not (one.starts_at and one.ends_at and line.starts_at and line.ends_at):
        return True
    return one.starts_at < line.ends_at and line.starts_at < one.ends_at
