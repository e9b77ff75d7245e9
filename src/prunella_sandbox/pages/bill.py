"""An invoice as a person reads it, on the page and as a PDF."""

from __future__ import annotations

from dataclasses import dataclass

from prunella_sandbox.pages.money import money
from prunella_sandbox.pages.render import day
from prunella_sandbox.store import Obj

WIDTH = 80
STATES = {
    "open": ("wait", "Not paid yet"),
    "paid": ("ok", "Paid"),
    "void": ("wait", "No longer valid"),
    "uncollectible": ("bad", "Written off"),
    "draft": ("wait", "Being prepared"),
}


@dataclass(frozen=True)
class Item:
    text: str
    detail: str
    amount: str


@dataclass(frozen=True)
class Bill:
    invoice: Obj
    now: float

    @property
    def state(self) -> str:
        return self._standing[0]

    @property
    def word(self) -> str:
        return self._standing[1]

    @property
    def _standing(self) -> tuple[str, str]:
        if self.is_overdue:
            return "bad", "Overdue"
        has_failed = self.invoice["status"] == "open" and self.invoice["attempted"]
        return ("bad", "Not paid") if has_failed else STATES[self.invoice["status"]]

    @property
    def is_overdue(self) -> bool:
        due_at = self.invoice["due_date"]
        return self.invoice["status"] == "open" and bool(due_at) and due_at < self.now

    @property
    def can_be_paid(self) -> bool:
        return self.invoice["status"] in ("open", "uncollectible")

    @property
    def due(self) -> str:
        """What is to pay, or what was."""
        shown = "amount_remaining" if self.can_be_paid else "total"
        return self._money(self.invoice[shown])

    @property
    def total(self) -> str:
        return self._money(self.invoice["total"])

    @property
    def items(self) -> list[Item]:
        return [
            Item(line["description"] or "", _period(line), self._money(line["amount"]))
            for line in self.invoice["lines"]["data"]
        ]

    @property
    def facts(self) -> list[tuple[str, str]]:
        moments = self.invoice["status_transitions"]
        known = (
            ("Date", moments["finalized_at"]),
            ("To be paid by", self.invoice["due_date"] if self.can_be_paid else None),
            ("Paid on", moments["paid_at"]),
        )
        return [*self._taken_off(), *((name, day(at)) for name, at in known if at)]

    def _taken_off(self) -> list[tuple[str, str]]:
        """What stands between the total and what is to pay."""
        invoice = self.invoice
        balance = invoice["starting_balance"] - (invoice["ending_balance"] or 0)
        known = (
            ("From your credit" if balance < 0 else "Owed from before", balance),
            ("Credit notes", -invoice["pre_payment_credit_notes_amount"]),
            ("Given back", -invoice["post_payment_credit_notes_amount"]),
        )
        return [(name, self._money(amount)) for name, amount in known if amount]

    def as_text(self, company: str) -> list[str]:
        heading = [company, "", f"Invoice {self.invoice['number']}"]
        heading += [f"To {self.invoice['customer_name'] or self.invoice['customer_email'] or ''}"]
        facts = [f"{name}: {value}" for name, value in self.facts]
        lines = [_row(item.text, item.amount) for item in self.items]
        return [*heading, *facts, "", *lines, "-" * WIDTH, _row("Total", self.total), self.word]

    def _money(self, amount: int) -> str:
        return money(amount, self.invoice["currency"])


def _period(line: Obj) -> str:
    start, end = line["period"]["start"], line["period"]["end"]
    return "" if start == end else f"{day(start)} to {day(end)}"


def _row(text: str, amount: str) -> str:
    room = WIDTH - len(amount) - 2
    return f"{text[:room]:<{room}}  {amount}"
