"""What refunds and disputes share: the payment they are about, told in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from prunella.diagnostics.facts import Dispute, Facts, PaymentMethod, Refund
from prunella.diagnostics.findings import FixOffer
from prunella.diagnostics.rules.failure import seen
from prunella.diagnostics.voice import Voice

Back = Refund | Dispute


def paid_with(facts: Facts, back: Back) -> PaymentMethod | None:
    payment = facts.payment(charge=back.charge, payment_intent=back.payment_intent)
    return seen(facts, payment.method) if payment else None


def told(facts: Facts, voice: Voice, key: str, back: Back) -> str:
    """`On Sunday 1 March we sent $40.00 back to the card ending 0341.`; the day where known."""
    amount, card = voice.amount(back.amount), voice.card(paid_with(facts, back))
    if back.at is None:
        return voice.say(f"happened.{key}_plain", amount=amount, card=card)
    return voice.say(f"happened.{key}", amount=amount, card=card, day=voice.day(back.at))


def person(voice: Voice, back: Back, *, main: bool = False) -> FixOffer:
    return FixOffer(
        name="talk_to_human",
        label=voice.say("fix.talk_to_human"),
        main=main,
        charge=back.charge,
        payment_intent=back.payment_intent,
        amount=back.amount,
    )


def evidence(facts: Facts, back: Back) -> Iterator[tuple[str, str | int | datetime | None]]:
    method = paid_with(facts, back)
    yield "refund" if isinstance(back, Refund) else "dispute", back.id
    yield "status", back.status
    yield "charge", back.charge
    yield "payment_intent", back.payment_intent
    yield "amount", back.amount.amount if back.amount else None
    yield "currency", back.amount.currency if back.amount else None
    yield "at", back.at
    yield "card_brand", method.brand if method else None
    yield "card_last4", method.last4 if method else None
