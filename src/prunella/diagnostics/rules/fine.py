"""What was looked at and is in order, so that a page can say so."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from prunella.diagnostics.facts import Facts, Invoice, Subscription
from prunella.diagnostics.findings import Finding
from prunella.diagnostics.rules.methods import needs_a_method
from prunella.diagnostics.voice import Voice


def all_fine(voice: Voice) -> Finding:
    return _fine(voice, "all", voice.say("fine.all"))


def fine_findings(
    facts: Facts,
    voice: Voice,
    *,
    failed_methods: Collection[str],
) -> Iterator[Finding]:
    """`failed_methods`: what another finding speaks of is not called fine here."""
    yield from _last_payment(facts, voice)
    yield from _cards(facts, voice, failed_methods=failed_methods)
    yield from _plans(facts, voice)


def _last_payment(facts: Facts, voice: Voice) -> Iterator[Finding]:
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
    yield _fine(voice, "last_payment", happened, invoice=last.id)


def _was_paid(invoice: Invoice) -> bool:
    return invoice.paid_at is not None and invoice.total is not None and invoice.total.amount > 0


def _cards(facts: Facts, voice: Voice, *, failed_methods: Collection[str]) -> Iterator[Finding]:
    plans = [one for one in facts.subscriptions if needs_a_method(facts, one)]
    fields = [facts.charged_for_plan(plan) for plan in plans] or [facts.charged_by]
    for method_id in dict.fromkeys(field.id for field in fields if field):
        method = facts.method(method_id)
        if method_id in failed_methods:
            continue
        if method is None or method.exp_month is None or method.exp_year is None:
            continue
        if method.last4 and not method.expired(facts.now):
            until = f"{method.exp_month:02}/{method.exp_year}"
            happened = voice.say("fine.card", card=voice.card(method), until=until)
            yield _fine(voice, "card", happened, payment_method=method_id)


def _plans(facts: Facts, voice: Voice) -> Iterator[Finding]:
    for plan in facts.subscriptions:
        if plan.status in {"active", "trialing"} and not plan.collection_paused:
            happened = _plan_words(voice, plan)
            yield _fine(voice, f"plan_{plan.status}", happened, subscription=plan.id)


def _plan_words(voice: Voice, plan: Subscription) -> str:
    end = voice.ahead(plan.trial_end if plan.status == "trialing" else plan.current_period_end)
    if end is None:
        return voice.say("fine.plan")
    if plan.status == "trialing":
        return voice.say("fine.trial_until", day=voice.day(end))
    key = "fine.plan_ends" if plan.cancel_at_period_end else "fine.plan_until"
    return voice.say(key, day=voice.day(end))


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
