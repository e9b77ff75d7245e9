"""Beside a case: diagnosis then and now, plan and value, invoices, earlier contacts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prunella.cases import Contact
from prunella.diagnostics import Diagnosis, Facts
from prunella.diagnostics.facts import Invoice
from prunella.kit.money import Money
from prunella.people import Customer
from prunella.web.views.account import account
from prunella.web.views.desk import State
from prunella.web.views.matter import matter_of, numbers_of
from prunella.web.views.saying import Saying

BILLS_SHOWN = 4
"""The newest of them, newest first."""
_SHAPES: Mapping[str, State] = {"green": "ok", "amber": "warn", "red": "bad"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A finding, as it was or as it is; `proof` is arithmetic that can be checked by hand."""

    state: State
    title: str
    text: str
    proof: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    state: State
    name: str
    amount: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A contact of before, on whatever channel."""

    state: State
    title: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    now: list[Told]
    then: list[Told]
    as_of: str
    value: list[tuple[str, str]]
    bills: list[BillLine]
    earlier: list[Earlier]


def side_of(
    *,
    customer: Customer,
    facts: Facts,
    diagnosis: Diagnosis,
    then: Mapping[str, Any],
    contacts: Sequence[Contact],
    saying: Saying,
) -> Side:
    numbers = numbers_of((one.id, one.number) for one in facts.invoices)
    theirs = saying.in_zone(customer.time_zone)  # the days that they read, too
    return Side(
        now=[told(finding.to_json()) for finding in diagnosis.findings],
        then=[told(finding) for finding in then.get("findings", [])],
        as_of=_as_of(facts, saying),
        value=[*account(facts, customer, theirs), *_value(facts, theirs)],
        bills=[_bill(invoice, saying) for invoice in facts.invoices[: -BILLS_SHOWN - 1 : -1]],
        earlier=[_earlier(contact, numbers, saying) for contact in contacts],
    )


def told(finding: Mapping[str, Any]) -> Told:
    return Told(
        state=_SHAPES.get(str(finding.get("status")), "wait"),
        title=str(finding.get("title", "")),
        text=str(finding.get("explanation", "")),
        proof=str((finding.get("evidence") or {}).get("formula") or ""),
    )


def _as_of(facts: Facts, saying: Saying) -> str:
    if any(source.state == "unreachable" for source in facts.sources):
        return saying.say("page.side.away")
    return saying.say("page.side.as_of", at=saying.until(facts.as_of)) if facts.as_of else ""


def _value(facts: Facts, saying: Saying) -> Iterator[tuple[str, str]]:
    first = min((one.created for one in facts.subscriptions if one.created), default=None)
    if first:
        yield saying.say("page.side.since"), saying.month(first)
    bills = [one.total for one in facts.invoices if one.status == "paid" and one.total]
    paid = [one for one in bills if one.amount > 0]  # what is less than nothing is credit
    yield from _sums("page.side.paid", paid, saying)
    back = [one.amount for one in facts.refunds if one.status == "succeeded" and one.amount]
    yield from _sums("page.side.back", back, saying)


def _sums(key: str, amounts: Sequence[Money], saying: Saying) -> Iterator[tuple[str, str]]:
    """One sum a currency: they do not add up."""
    for currency in sorted({one.currency for one in amounts}):
        total = sum(one.amount for one in amounts if one.currency == currency)
        yield saying.say(key), Money(total, currency).format(saying.words.locale)


def _bill(invoice: Invoice, saying: Saying) -> BillLine:
    states: Mapping[str, tuple[State, str]] = {
        "paid": ("ok", "paid"),
        "void": ("wait", "void"),
        "draft": ("wait", "draft"),
        "uncollectible": ("warn", "written_off"),
    }
    state, word = states.get(invoice.status or "", ("bad" if invoice.attempted else "wait", "open"))
    begun = invoice.created or invoice.finalized_at
    total = invoice.total or invoice.remaining
    return BillLine(
        state=state,
        name=invoice.number or (saying.month(begun) if begun else invoice.id),
        amount=total.format(saying.words.locale) if total else "",
        word=saying.say(f"page.bill.{word}"),
    )


def _earlier(contact: Contact, numbers: Mapping[str, str], saying: Saying) -> Earlier:
    channel = saying.say(f"page.score.by_{contact.channel}")
    tier = saying.say(f"page.score.{contact.tiers[-1]}") if contact.tiers else ""
    when = saying.until(contact.created_at)
    return Earlier(
        state="ok" if contact.ended_at else "wait",
        title=matter_of(contact.subject, numbers, saying),
        detail=f"{channel}, {tier}, {when}",
    )
