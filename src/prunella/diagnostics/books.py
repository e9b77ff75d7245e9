"""All lines of a customer's bills, found by what they bill: so each is looked at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from prunella.diagnostics.facts import Facts, Invoice, Line, Sold

Span = tuple[str | None, datetime | None, datetime | None]
Entry = tuple[Invoice, Line]


@dataclass(frozen=True, kw_only=True)
class Books:
    """`whole`: lines that are no proration, oldest first; `less`: those that give back."""

    facts: Facts
    whole: Mapping[Span, Sequence[Entry]]
    less: Mapping[str | None, Sequence[Line]]
    sold: Mapping[str, Sequence[Sold]]

    def same(self, line: Line) -> Sequence[Entry]:
        """What bills this item for this very period, on whatever bill."""
        return self.whole.get(span_of(line), ())

    def sold_at(self, line: Line) -> Sold | None:
        """At what the item is sold, while that is the price on the line."""
        items = self.sold.get(line.item or "", ())
        return next((one for one in items if one.price == line.price), None)


def books_of(facts: Facts) -> Books:
    whole: dict[Span, list[Entry]] = {}
    less: dict[str | None, list[Line]] = {}
    sold: dict[str, list[Sold]] = {}
    for bill in facts.invoices:
        for line in bill.lines:
            if not line.part:
                whole.setdefault(span_of(line), []).append((bill, line))
            if line.amount is not None and line.amount.amount < 0:
                less.setdefault(line.item, []).append(line)
    for plan in facts.subscriptions:
        for one in plan.sold:
            sold.setdefault(one.item, []).append(one)
    return Books(facts=facts, whole=whole, less=less, sold=sold)


def span_of(line: Line) -> Span:
    return line.item, line.starts_at, line.ends_at
