"""Which lines of a paid bill ask for what is not owed. When in doubt, they do not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import takewhile
from typing import Literal

from prunella.diagnostics.facts import Facts, Invoice, Line, Sold
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


def wrong_lines(facts: Facts, invoice: Invoice) -> Iterator[WrongLine]:
    """Each line once: for a period that nothing is owed for, its sum no longer matters."""
    for line in invoice.lines:
        found = (
            _after_the_end(facts, invoice, line)
            or _again(facts, invoice, line)
            or _miscounted(facts, invoice, line)
        )
        if found is not None:
            yield found


def _after_the_end(facts: Facts, invoice: Invoice, line: Line) -> WrongLine | None:
    """A period that begins when the plan was over, on a bill that was made when it was over.

    What was paid ahead, before anybody ended the plan, is another matter.
    """
    plan = facts.subscription(invoice.subscription)
    if plan is None or plan.status != "canceled" or plan.ended_at is None:
        return None
    if line.item not in {one.item for one in plan.sold}:
        return None
    if line.starts_at is None or invoice.created is None or not _is_whole_period(facts, line):
        return None
    if line.starts_at < plan.ended_at or invoice.created <= plan.ended_at:
        return None
    return _nothing_owed("after_end", line)


def _again(facts: Facts, invoice: Invoice, line: Line) -> WrongLine | None:
    """The same item for the same period, which a bill that was paid before bills as well."""
    if invoice.reason not in _WHOLE_PERIODS or not _is_whole_period(facts, line):
        return None
    if len(_same_period(invoice, line)) != 1 or _is_taken_back(facts, line):
        return None
    before = takewhile(lambda one: one.id != invoice.id, facts.invoices)
    first = next((one for one in before if _bills_it_too(one, invoice, line)), None)
    return _nothing_owed("again", line, first) if first else None


def _bills_it_too(before: Invoice, invoice: Invoice, line: Line) -> bool:
    if before.subscription != invoice.subscription or before.status != "paid":
        return False
    same = _same_period(before, line)
    return len(same) == 1 and before.reason in _WHOLE_PERIODS and _alike(same[0], line)


def _miscounted(facts: Facts, invoice: Invoice, line: Line) -> WrongLine | None:
    """A quantity at a price that the line names itself, and another amount than the two make."""
    sold = _sold(facts, line)
    if sold is None or not sold.flat or not line.plain or not _is_whole_period(facts, line):
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


def _is_whole_period(facts: Facts, line: Line) -> bool:
    """One period of an item that is sold by the seat, no part of one, and something is asked."""
    sold = _sold(facts, line)
    if sold is None or not sold.licensed or line.part:
        return False
    if line.starts_at is None or line.ends_at is None or not line.starts_at < line.ends_at:
        return False
    most = _LONGEST.get(sold.interval or "")
    if most is None or line.ends_at - line.starts_at > most * sold.interval_count + _CLOCKS_CHANGE:
        return False
    return line.comes_to is not None and line.comes_to.amount > 0


def _sold(facts: Facts, line: Line) -> Sold | None:
    """At what the item is sold, while that is the price on the line."""
    items = (one for plan in facts.subscriptions for one in plan.sold if one.item == line.item)
    return next((one for one in items if line.item and one.price == line.price), None)


def _same_period(invoice: Invoice, line: Line) -> list[Line]:
    span = (line.item, line.starts_at, line.ends_at)
    return [
        one
        for one in invoice.lines
        if not one.part and (one.item, one.starts_at, one.ends_at) == span
    ]


def _alike(one: Line, other: Line) -> bool:
    sold = (one.price, one.quantity, one.amount, one.comes_to)
    return sold == (other.price, other.quantity, other.amount, other.comes_to)


def _is_taken_back(facts: Facts, line: Line) -> bool:
    """Whether any bill credits unused time of this item within the period."""
    return any(_takes_back(one, line) for bill in facts.invoices for one in bill.lines)


def _takes_back(one: Line, line: Line) -> bool:
    if one.item != line.item or one.amount is None or one.amount.amount >= 0:
        return False
    if not (one.starts_at and one.ends_at and line.starts_at and line.ends_at):
        return True
    return one.starts_at < line.ends_at and line.starts_at < one.ends_at
