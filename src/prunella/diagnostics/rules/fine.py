"""What was looked at and is in order, so that a page can say so."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from prunella.diagnostics.facts import Facts, Invoice, PaymentMethod, Subscription
from prunella.diagnostics.findings import Finding, FixName, FixOffer
from prunella.diagnostics.looked import Looked
from prunella.diagnostics.rules.methods import needs_a_method
from prunella.diagnostics.voice import Voice


def all_fine(voice: Voice) -> Finding:
    return _fine(voice, "all", voice.say("fine.all"))


def fine_findings(
    facts: Facts,
    voice: Voice,
    *,
    failed_methods: Collection[str],
    told_plans: Collection[str],
) -> Iterator[Looked]:
    """`failed_methods`, `told_plans`: what another finding speaks of is not called fine here."""
    yield from _last_payment(facts, voice)
    yield from _cards(facts, voice, failed_methods=failed_methods)
    yield from _plans(facts, voice, told=told_plans)


def _last_payment(facts: Facts, voice: Voice) -> Iterator[Looked]:
    paid = [one for one in facts.invoices if one.status == "paid" and _was_paid(one)]
    if not paid:
        return
    last = max(paid, key=lambda one: (one.paid_at or facts.now, one.id))
    happened = voice.say(
        "fine.last_payment",
        bill=voice.bill(last),
        amount=voice.amount(last.total),
        day=voice.day(last.paid_at or facts.now),
    )
    finding = _fine(voice, "last_payment", happened, invoice=last.id)
    offers = (_billing_details(voice),)
    yield Looked(
        rule="last_payment",
        subject=last.id,
        because="newest_paid",
        finding=replace(finding, offers=offers),
    )


def _was_paid(invoice: Invoice) -> bool:
    return invoice.paid_at is not None and invoice.total is not None and invoice.total.amount > 0


def _cards(facts: Facts, voice: Voice, *, failed_methods: Collection[str]) -> Iterator[Looked]:
    plans = [one for one in facts.subscriptions if needs_a_method(facts, one)]
    fields = [facts.charged_for_plan(plan) for plan in plans] or [facts.charged_by]
    for method_id in dict.fromkeys(field.id for field in fields if field):
        why_not = "told_elsewhere" if method_id in failed_methods else _unsure(facts, method_id)
        finding = None if why_not else _good_card(voice, facts.method(method_id))
        because = why_not or "card_is_good"
        yield Looked(rule="card_fine", subject=method_id, because=because, finding=finding)


def _unsure(facts: Facts, method_id: str) -> str:
    """Why a card cannot be called good; empty when it can."""
    method = facts.method(method_id)
    if method is None or method.exp_month is None or method.exp_year is None or not method.last4:
        return "card_not_known"
    return "card_expired" if facts.expired(method) else ""


def _good_card(voice: Voice, method: PaymentMethod | None) -> Finding | None:
    if method is None:
        return None
    until = f"{method.exp_month:02}/{method.exp_year}"
    happened = voice.say("fine.card", card=voice.card(method), until=until)
    return _fine(voice, "card", happened, payment_method=method.id)


def _plans(facts: Facts, voice: Voice, *, told: Collection[str]) -> Iterator[Looked]:
    for plan in facts.subscriptions:
        because, finding = "not_running", None
        if plan.id in told:
            because = "told_elsewhere"
        elif plan.ending and plan.status != "past_due":
            because, finding = "set_to_end", _ends(voice, plan)
        elif plan.status in {"active", "trialing"} and not plan.collection_paused:
            because, finding = "runs", _runs(voice, plan)
        yield Looked(rule="plan_fine", subject=plan.id, because=because, finding=finding)


def _runs(voice: Voice, plan: Subscription) -> Finding:
    finding = _fine(voice, f"plan_{plan.status}", _plan_words(voice, plan), subscription=plan.id)
    changeable = plan.schedule is None and not plan.update_pending
    change = (
        (_offer(voice, "change_plan", label="fix.change_plan", subscription=plan.id),)
        if changeable
        else ()
    )
    return replace(finding, offers=(*change, _billing_details(voice)))


def _ends(voice: Voice, plan: Subscription) -> Finding:
    """It was wished for, so nothing is wrong; they may have thought better of it."""
    end = voice.ahead(plan.ends_at)
    happened = voice.say("fine.plan_ends", day=voice.day(end)) if end else voice.say("fine.plan")
    stay = _offer(voice, "resume_subscription", label="fix.keep_plan", subscription=plan.id)
    return replace(
        _fine(voice, "plan_ends", happened, subscription=plan.id),
        root_cause="subscription_canceled",
        offers=(stay,),
        at=end,
        evidence={"subscription": plan.id, "ends_at": plan.ends_at},
    )


def _plan_words(voice: Voice, plan: Subscription) -> str:
    end = voice.ahead(plan.next_payment_at)
    if end is None:
        return voice.say("fine.plan")
    key = "fine.trial_until" if plan.status == "trialing" else "fine.plan_until"
    return voice.say(key, day=voice.day(end))


def _billing_details(voice: Voice) -> FixOffer:
    return _offer(voice, "update_billing_details", label="fix.update_billing_details")


def _offer(
    voice: Voice,
    name: FixName,
    *,
    label: str,
    subscription: str | None = None,
) -> FixOffer:
    return FixOffer(name=name, label=voice.say(label), subscription=subscription)


def _fine(
    voice: Voice,
    subject: str,
    happened: str,
    *,
    invoice: str | None = None,
    subscription: str | None = None,
    payment_method: str | None = None,
) -> Finding:
    ids = {"invoice": invoice, "subscription": subscription, "payment_method": payment_method}
    return Finding(
        root_cause="healthy",
        status="green",
        hurt="fine",
        title=voice.say(f"title.fine_{subject}"),
        happened=happened,
        evidence={key: value for key, value in ids.items() if value},
        invoice=invoice,
        subscription=subscription,
        payment_method=payment_method,
    )
