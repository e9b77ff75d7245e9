"""Trials that end within the week: what is taken then, and from what."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from prunella.diagnostics.facts import ChargedBy, Facts, PaymentMethod, Subscription
from prunella.diagnostics.findings import Finding, FixOffer
from prunella.diagnostics.looked import Looked
from prunella.diagnostics.rules.methods import TRIAL_ENDS_WITHIN, runs_out_by
from prunella.diagnostics.voice import Voice

# What becomes of a plan whose trial ends without a card; Stripe bills it unless told otherwise.
_WITHOUT_CARD = frozenset({"pause", "cancel"})


def trial_findings(facts: Facts, voice: Voice, *, explained: Collection[str]) -> Iterator[Looked]:
    for plan in facts.subscriptions:
        because, finding = _why_not(facts, plan), None
        if plan.id in explained:
            because = "told_elsewhere"
        elif not because:
            because, finding = "trial_ends_soon", _finding(facts, voice, plan)
        yield Looked(rule="trial", subject=plan.id, because=because, finding=finding)


def _why_not(facts: Facts, plan: Subscription) -> str:
    if plan.status != "trialing" or plan.trial_end is None or plan.trial_end <= facts.now:
        return "no_trial"
    if plan.trial_end - facts.now > TRIAL_ENDS_WITHIN:
        return "trial_ends_later"
    if plan.ending:
        return "set_to_end"
    return "costs_nothing" if plan.amount is not None and plan.amount.amount == 0 else ""


def _finding(facts: Facts, voice: Voice, plan: Subscription) -> Finding:
    charged_by = facts.charged_for_plan(plan)
    method = facts.method(charged_by.id) if charged_by else None
    runs_out = runs_out_by(facts, method, plan.trial_end)
    todo = _todo(plan, charged_by, runs_out=runs_out)
    return Finding(
        root_cause="trial_ending",
        status="amber",
        hurt="attention",
        title=voice.say("title.trial_ending"),
        happened=voice.say("happened.trial_ending", day=voice.day(plan.trial_end or facts.now)),
        means=_means(voice, plan, charged_by, method, runs_out=runs_out),
        todo=voice.say(f"todo.{todo}"),
        evidence=_evidence(plan, charged_by, method, facts.expires_at(method)),
        offers=tuple(_offers(voice, plan, charged_by, asks_for_card=todo != "trial_stays")),
        amount=plan.amount,
        at=plan.trial_end,
        subscription=plan.id,
    )


def _means(
    voice: Voice,
    plan: Subscription,
    charged_by: ChargedBy | None,
    method: PaymentMethod | None,
    *,
    runs_out: bool,
) -> str:
    amount = voice.amount(plan.amount)
    if plan.collection_method == "send_invoice":
        return voice.say("meaning.trial_invoiced", amount=amount)
    if charged_by is None:
        after = plan.trial_without_card
        return voice.say(f"meaning.trial_no_card_{after if after in _WITHOUT_CARD else 'bill'}")
    if runs_out:
        return voice.say("meaning.trial_card_runs_out", card=voice.card(method))
    return voice.say("meaning.trial_charged", amount=amount, card=voice.card(method))


def _todo(plan: Subscription, charged_by: ChargedBy | None, *, runs_out: bool) -> str:
    if plan.collection_method == "send_invoice":
        return "trial_stays"
    if charged_by is None:
        return "trial_no_card"
    return "card_expired_soon" if runs_out else "trial_stays"


def _offers(
    voice: Voice,
    plan: Subscription,
    charged_by: ChargedBy | None,
    *,
    asks_for_card: bool,
) -> Iterator[FixOffer]:
    if asks_for_card:
        label = voice.say("fix.choose_card" if charged_by else "fix.add_card")
        yield FixOffer(
            name="update_card",
            label=label,
            main=True,
            subscription=plan.id,
            charged_by=charged_by,
        )
    if plan.schedule is None and not plan.update_pending:
        yield FixOffer(name="change_plan", label=voice.say("fix.change_plan"), subscription=plan.id)
    yield FixOffer(name="talk_to_human", label=voice.say("fix.talk_to_human"), subscription=plan.id)


def _evidence(
    plan: Subscription,
    charged_by: ChargedBy | None,
    method: PaymentMethod | None,
    expires_at: datetime | None,
) -> dict[str, object]:
    return {
        "subscription": plan.id,
        "trial_end": plan.trial_end,
        "without_card": plan.trial_without_card,
        "payment_method": charged_by.id if charged_by else None,
        "charged_by": charged_by.field if charged_by else None,
        "card_brand": method.brand if method else None,
        "card_last4": method.last4 if method else None,
        "expires_at": expires_at,
        "amount": plan.amount.amount if plan.amount else None,
        "currency": plan.amount.currency if plan.amount else None,
    }
