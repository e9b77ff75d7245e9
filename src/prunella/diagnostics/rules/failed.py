"""A payment that failed becomes one finding, with the cause of its last failure."""

from __future__ import annotations

from collections.abc import Iterator

from prunella.diagnostics.facts import PaymentMethod
from prunella.diagnostics.findings import Finding, FixName, FixOffer
from prunella.diagnostics.rules.failure import Failure
from prunella.diagnostics.rules.later import days_to_choose
from prunella.diagnostics.voice import Voice, join

_RETRIES: frozenset[FixName] = frozenset({"retry_payment", "retry_later"})


def failed_finding(failure: Failure, voice: Voice) -> Finding:
    return Finding(
        root_cause=failure.decline.root_cause,
        status=failure.status,
        hurt=failure.hurt,
        title=_title(failure, voice),
        happened=_happened(failure, voice),
        means=voice.nothing_taken(failure.subscription),
        todo=_todo(failure, voice),
        todo_by_person=_by_person(failure, voice),
        evidence=failure.evidence(),
        offers=tuple(_offers(failure, voice)),
        amount=failure.owed,
        at=failure.attempt.at,
        invoice=failure.attempt.invoice,
        subscription=failure.invoice.subscription if failure.invoice else None,
        payment_method=failure.method.id if failure.method else None,
        alert=_alert(failure),
    )


def _alert(failure: Failure) -> str | None:
    if not failure.decline.alert:
        return None
    subject = failure.attempt.charge or failure.attempt.payment_intent
    return f"unknown decline code {failure.decline.code!r} on {subject}"


def _title(failure: Failure, voice: Voice) -> str:
    if failure.decline.telling == "authentication" and not failure.card_changed:
        return voice.title("confirm", failure.attempt.at)
    return voice.title("retrying" if failure.settles_itself else "failed", failure.attempt.at)


def _happened(failure: Failure, voice: Voice) -> str:
    reason = f"reason.{failure.decline.telling}"
    return join(
        voice.asked(failure.attempt, failure.invoice),
        voice.say(reason, card=voice.card(failure.method)),
    )


def _todo(failure: Failure, voice: Voice) -> str:
    """Concealed reasons always get their one sentence, even when a new card is in place."""
    telling, next_at = failure.decline.telling, failure.next_try_at
    if failure.payable and failure.card_changed and failure.retry_allowed:
        advice = voice.say("todo.concealed") if telling == "concealed" else ""
        return join(advice, _pay_with_the_new_card(failure, voice))
    earlier = failure.earlier_success
    if telling == "special" and earlier and earlier.at:
        return voice.say("todo.special_paid", day=voice.day(earlier.at))
    day = voice.day(next_at) if next_at else ""
    return voice.say(f"todo.{_todo_key(failure)}", day=day)


def _by_person(failure: Failure, voice: Voice) -> str:
    return voice.say("todo.concealed") if failure.decline.telling == "concealed" else ""


def _todo_key(failure: Failure) -> str:
    telling = failure.decline.telling
    if telling in {"concealed", "special"}:
        return telling
    if not failure.payable:
        return "ask"
    if not failure.decline.retry_allowed:
        return telling
    if not failure.retry_allowed or failure.other_card:
        return "another_card"
    return f"{telling}_on" if failure.next_try_at else telling


def _pay_with_the_new_card(failure: Failure, voice: Voice) -> str:
    card = voice.card(failure.next_method)
    if failure.card_renewed:
        return voice.say("todo.renewed", card=card)
    if failure.next_try_at is None:
        return voice.say("todo.changed", card=card)
    return voice.say("todo.changed_on", card=card, day=voice.day(failure.next_try_at))


def _offers(failure: Failure, voice: Voice) -> Iterator[FixOffer]:
    main, days = _main(failure), days_to_choose(failure, time_zone=voice.words.time_zone)
    names: list[FixName] = ["talk_to_human"]
    if failure.payable and failure.decline.telling != "special":
        names.insert(0, "update_card")
    if days:
        names.insert(0, "retry_later")
    if failure.payable and failure.retry_allowed:
        names.insert(0, "retry_payment")
    if main and main not in names:
        names.insert(0, main)
    for name in sorted(names, key=lambda name: name != main):
        yield FixOffer(
            name=name,
            label=_label(name, failure, voice),
            main=name == main,
            invoice=failure.attempt.invoice,
            subscription=failure.invoice.subscription if failure.invoice else None,
            payment_intent=failure.attempt.payment_intent,
            payment_method=_retried_method(failure) if name in _RETRIES else None,
            charged_by=failure.charged_by,
            amount=failure.owed,
            days=days if name == "retry_later" else (),
        )


def _main(failure: Failure) -> FixName | None:
    telling = failure.decline.telling
    if not failure.payable:
        return "talk_to_human"
    if failure.card_changed and failure.retry_allowed:
        return "retry_payment"
    if failure.settles_itself:
        return None
    if telling == "authentication":
        return "confirm_payment"
    if telling == "transient" and failure.retry_allowed:
        return "retry_payment"
    return "talk_to_human" if telling == "special" else "update_card"


def _retried(failure: Failure) -> PaymentMethod | None:
    return failure.next_method if failure.other_card else failure.method


def _retried_method(failure: Failure) -> str | None:
    if failure.charged_by is not None:
        return failure.charged_by.id
    return failure.method.id if failure.method else None


def _label(name: FixName, failure: Failure, voice: Voice) -> str:
    amount = voice.amount(failure.owed)
    if name == "talk_to_human":
        return voice.say("fix.talk_to_human")
    if name == "confirm_payment":
        return voice.say("fix.confirm_payment", amount=amount)
    if name == "update_card":
        main = _main(failure) == "update_card"
        return voice.say("fix.update_card" if main else "fix.other_card", amount=amount)
    return _retry_label(name, failure, voice, amount=amount)


def _retry_label(name: FixName, failure: Failure, voice: Voice, *, amount: str) -> str:
    if name == "retry_later":
        return voice.say("fix.retry_later", card=voice.card(_retried(failure), brief=True))
    if failure.card_changed:
        card = voice.card(failure.next_method, brief=True)
        return voice.say("fix.pay_with", amount=amount, card=card)
    if failure.decline.telling == "transient":
        return voice.say("fix.pay_now", amount=amount)
    return voice.say("fix.try_again", card=voice.card(_retried(failure), brief=True))
