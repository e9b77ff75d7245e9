"""Phrases that several findings share: what was asked, with which card, and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from prunella.diagnostics.facts import Attempt, Facts, Invoice, PaymentMethod, Subscription
from prunella.diagnostics.wording import Words
from prunella.kit.money import Money

_BANK_ACCOUNTS = frozenset({"us_bank_account", "sepa_debit", "bacs_debit", "acss_debit"})
_BRANDS = frozenset(
    {"amex", "cartes_bancaires", "diners", "discover", "eftpos_au", "jcb"}
    | {"mastercard", "unionpay", "visa"},
)


@dataclass(frozen=True, kw_only=True)
class Voice:
    """The facts' own time zone and the catalogue's words."""

    facts: Facts
    words: Words

    def say(self, key: str, **values: str | int | Money) -> str:
        return self.words.say(key, **values)

    def day(self, at: datetime) -> str:
        return self.words.day(at, now=self.facts.now)

    def day_and_time(self, at: datetime) -> str:
        return self.words.day_and_time(at, now=self.facts.now)

    def ahead(self, at: datetime | None) -> datetime | None:
        """Only what is still to come can be promised."""
        return at if at is not None and at > self.facts.now else None

    def amount(self, money: Money | None) -> str:
        return money.format(self.words.locale) if money else self.say("phrase.an_amount")

    def card(self, method: PaymentMethod | None, *, brief: bool = False) -> str:
        """`the Visa card ending 0341`; `brief` leaves the brand out, for a button."""
        if method is None or not method.last4:
            return self.say("phrase.method")
        if method.kind in _BANK_ACCOUNTS:
            return self.say("phrase.account", last4=method.last4)
        brand = (method.brand or "").lower().replace(" ", "_")
        if brief or brand not in _BRANDS:
            return self.say("phrase.card", last4=method.last4)
        return self.say(
            "phrase.card_of_brand",
            brand=self.say(f"brand.{brand}"),
            last4=method.last4,
        )

    def title(self, stem: str, at: datetime | None) -> str:
        if at is None:
            return self.say(f"title.{stem}")
        return self.say(f"title.{stem}_month", month=self.words.month(at))

    def asked(self, attempt: Attempt, invoice: Invoice | None) -> str:
        """Say `On Sunday 1 March we asked your bank for $3,665.04 for invoice TAI-2047.`."""
        amount = self.amount(attempt.amount or (invoice.remaining if invoice else None))
        number = invoice.number if invoice else None
        if attempt.at and number:
            day = self.day(attempt.at)
            return self.say("asked.day_and_invoice", day=day, amount=amount, invoice=number)
        if attempt.at:
            return self.say("asked.day", day=self.day(attempt.at), amount=amount)
        if number:
            return self.say("asked.invoice", amount=amount, invoice=number)
        return self.say("asked.plain", amount=amount)

    def bill(self, invoice: Invoice) -> str:
        """`invoice TAI-2047`, or `an invoice`."""
        if invoice.number is None:
            return self.say("phrase.an_invoice")
        return self.say("phrase.invoice", invoice=invoice.number)

    def consequence(self, subscription: Subscription | None) -> str:
        """What an unpaid bill does to the plan."""
        if subscription is None:
            return ""
        by = self.ahead(subscription.first_payment_by)
        if subscription.status == "incomplete" and by is not None:
            return self.say("meaning.incomplete_by", by=self.day_and_time(by))
        if subscription.running:
            return self.say("meaning.running")
        known = subscription.status in {"unpaid", "incomplete", "canceled", "incomplete_expired"}
        return self.say(f"meaning.{subscription.status}") if known else ""

    def nothing_taken(self, subscription: Subscription | None) -> str:
        return join(self.say("meaning.not_taken"), self.consequence(subscription))


def join(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
