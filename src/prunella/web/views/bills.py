"""Invoices as folds: each with its lines, the one that matters open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from prunella.diagnostics import Facts
from prunella.diagnostics.facts import Invoice
from prunella.kit.clock import from_unix
from prunella.kit.money import Money
from prunella.web.views.saying import Saying

SHOWN = 6
MAX_LINES = 40

State = Literal["ok", "warn", "bad", "wait"]
_STATES: Mapping[str, tuple[State, str]] = {
    "paid": ("ok", "paid"),
    "draft": ("wait", "draft"),
    "void": ("wait", "void"),
    "uncollectible": ("warn", "written_off"),
}


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    amount: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """One invoice as a fold."""

    id: str
    name: str
    number: str
    state: State
    word: str
    amount: str
    lines: tuple[Line, ...]
    total_word: str
    open: bool = False
    pdf: bool = False
    forward: str = ""
    charge: str = ""


def bills(
    facts: Facts, raw: Mapping[str, Mapping[str, Any]], saying: Saying, *, matters: str | None
) -> list[Bill]:
    """Turn the newest invoices into folds, and those that are owed however old they are."""
    newest = sorted(facts.invoices, key=_begun, reverse=True)
    chosen = [one for n, one in enumerate(newest) if n < SHOWN or one.owed][: 2 * SHOWN]
    return [
        replace(
            _bill(one, raw.get(one.id, {}), saying, matters=matters),
            charge=_can_go_back(facts, one),
        )
        for one in chosen
    ]


def _can_go_back(facts: Facts, invoice: Invoice) -> str:
    """Return the charge that paid it, unless all of it went back or the bank disputes it."""
    return next(
        (
            one.charge
            for one in facts.attempts_for(invoice)
            if one.outcome == "succeeded" and one.charge and one.captured and not one.disputed
            if one.refunded is None or one.amount is None or one.refunded.amount < one.amount.amount
        ),
        "",
    )


def _bill(invoice: Invoice, raw: Mapping[str, Any], saying: Saying, *, matters: str | None) -> Bill:
    state, word = _state(invoice, saying)
    total = invoice.remaining if invoice.total is None else invoice.total
    begun = invoice.created or invoice.finalized_at
    paid_on = saying.day(invoice.paid_at) if invoice.paid_at else ""
    return Bill(
        id=invoice.id,
        name=saying.month(begun) if begun else (invoice.number or invoice.id),
        number=invoice.number or "",
        state=state,
        word=saying.say(f"page.bill.{word}"),
        amount="" if total is None else total.format(saying.words.locale),
        lines=tuple(_lines(raw, saying)),
        total_word=saying.say("page.bill.paid_on", day=paid_on)
        if paid_on
        else saying.say("page.bill.to_pay" if invoice.owed else "page.bill.total"),
        open=invoice.id == matters,
        pdf=invoice.status not in {None, "draft"},
        forward=saying.say(f"page.choose.{_sender(invoice)}.label") if invoice.owed else "",
    )


def _sender(invoice: Invoice) -> str:
    """Stripe sends its own invoices again; of those that it collects, we write."""
    return "send" if invoice.sent_to_pay else "colleague"


def _state(invoice: Invoice, saying: Saying) -> tuple[State, str]:
    if invoice.owed:
        late = invoice.due_at is not None and invoice.due_at < saying.now
        failed = invoice.attempted and not invoice.sent_to_pay
        return ("bad", "not_paid") if failed or late else ("wait", "open")
    return _STATES.get(invoice.status or "", ("wait", "open"))


def _lines(raw: Mapping[str, Any], saying: Saying) -> Sequence[Line]:
    lines = (raw.get("lines") or {}).get("data") or []
    return [_line(line, saying) for line in lines[:MAX_LINES] if _money(line)]


def _line(line: Mapping[str, Any], saying: Saying) -> Line:
    amount = _money(line)
    return Line(
        text=line.get("description") or saying.say("page.bill.a_line"),
        amount=amount.format(saying.words.locale) if amount else "",
        detail=_period(line.get("period") or {}, saying),
    )


def _period(period: Mapping[str, Any], saying: Saying) -> str:
    start, end = period.get("start"), period.get("end")
    if not start or not end or start == end:
        return ""
    last = max(from_unix(end) - timedelta(days=1), from_unix(start))
    return saying.say(
        "page.bill.period", first=saying.short_day(from_unix(start)), last=saying.short_day(last)
    )


def _money(line: Mapping[str, Any]) -> Money | None:
    amount, currency = line.get("amount"), line.get("currency")
    if not isinstance(amount, int) or not isinstance(currency, str):
        return None
    return Money(amount, currency)


def _begun(invoice: Invoice) -> float:
    at: datetime | None = invoice.created or invoice.finalized_at
    return at.timestamp() if at else 0.0
