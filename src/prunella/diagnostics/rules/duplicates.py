"""The same thing paid twice within minutes, told with its evidence."""

from __future__ import annotations

from collections.abc import Iterator

from prunella.diagnostics.duplicates import Twice, compared
from prunella.diagnostics.facts import Facts, PaymentMethod
from prunella.diagnostics.findings import Finding, FixOffer
from prunella.diagnostics.looked import Looked
from prunella.diagnostics.rules.failure import seen
from prunella.diagnostics.voice import Voice, join

A_MINUTE_S = 60


def duplicate_findings(facts: Facts, voice: Voice) -> Iterator[Looked]:
    for one in compared(facts):
        yield Looked(
            rule="charged_twice",
            subject=one.taken.charge,
            because=one.because,
            finding=_finding(facts, voice, one.twice) if one.twice else None,
        )


def _finding(facts: Facts, voice: Voice, twice: Twice) -> Finding:
    later = twice.later
    method = seen(facts, later.payment.method)
    asks = later.charge in facts.asks_person
    label = "fix.refund_duplicate_asks" if asks else "fix.refund_duplicate"
    return Finding(
        root_cause="duplicate_charge",
        status="red",
        hurt="money_back",
        title=voice.say("title.duplicate_charge"),
        happened=_happened(voice, twice, method),
        means=voice.say("meaning.duplicate_charge"),
        todo=voice.say("todo.duplicate_charge_asks" if asks else "todo.duplicate_charge"),
        todo_by_person=voice.say("todo.duplicate_by_person"),
        evidence=_evidence(twice, method),
        offers=(
            FixOffer(
                name="refund_duplicate",
                label=voice.say(label, amount=later.amount),
                main=True,
                charge=later.charge,
                amount=later.amount,
            ),
            FixOffer(
                name="talk_to_human",
                label=voice.say("fix.talk_to_human"),
                charge=later.charge,
                amount=later.amount,
            ),
        ),
        amount=later.amount,
        at=later.at,
    )


def _happened(voice: Voice, twice: Twice, method: PaymentMethod | None) -> str:
    later = twice.later
    told = voice.say(
        "happened.duplicate_charge",
        day=voice.day(later.at),
        amount=later.amount,
        apart=_apart(voice, twice.seconds_apart // A_MINUTE_S),
    )
    return join(told, voice.say("happened.second_time", card=voice.card(method)))


def _apart(voice: Voice, minutes: int) -> str:
    if minutes == 0:
        return voice.say("phrase.within_a_minute")
    if minutes == 1:
        return voice.say("phrase.a_minute_apart")
    return voice.say("phrase.minutes_apart", minutes=minutes)


def _evidence(twice: Twice, method: PaymentMethod | None) -> dict[str, object]:
    first, later = twice.first, twice.later
    return {
        "charge": later.charge,
        "first_charge": first.charge,
        "same": twice.same,
        "seconds_apart": twice.seconds_apart,
        "at": later.at,
        "first_at": first.at,
        "amount": later.amount.amount,
        "currency": later.amount.currency,
        "invoice": later.payment.invoice,
        "first_invoice": first.payment.invoice,
        "payment_intent": later.payment.payment_intent,
        "card_brand": method.brand if method else None,
        "card_last4": method.last4 if method else None,
    }
