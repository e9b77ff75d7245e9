"""Plans that stand still: a trial that ended without a card, or payments put on hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from prunella.diagnostics.facts import Facts, Subscription
from prunella.diagnostics.findings import Finding, FixOffer
from prunella.diagnostics.looked import Looked
from prunella.diagnostics.voice import Voice


def paused_findings(facts: Facts, voice: Voice, *, explained: Collection[str]) -> Iterator[Looked]:
    for plan in facts.subscriptions:
        because, finding = "not_paused", None
        if plan.id in explained:
            because = "told_elsewhere"
        elif plan.status == "paused":
            because = "another_plan_runs"
            if not any(one.running for one in facts.subscriptions):
                because, finding = "stands_still", _stands_still(facts, voice, plan)
        elif plan.running and plan.collection_paused:
            because, finding = "payments_on_hold", _on_hold(facts, voice, plan)
        yield Looked(rule="plan_paused", subject=plan.id, because=because, finding=finding)


def _stands_still(facts: Facts, voice: Voice, plan: Subscription) -> Finding:
    """Stripe starts it again only with a card in place."""
    has_card = facts.charged_for_plan(plan) is not None
    happened = voice.say("happened.subscription_paused")
    if plan.trial_end is not None and plan.trial_end <= facts.now:
        happened = voice.say("happened.trial_over", day=voice.day(plan.trial_end))
    start = FixOffer(
        name="resume_subscription",
        label=voice.say("fix.resume_subscription"),
        main=has_card,
        subscription=plan.id,
    )
    add = FixOffer(
        name="update_card",
        label=voice.say("fix.choose_card" if has_card else "fix.add_card"),
        main=not has_card,
        subscription=plan.id,
        charged_by=facts.charged_for_plan(plan),
    )
    return Finding(
        root_cause="subscription_paused",
        status="amber",
        hurt="on_pause",
        title=voice.say("title.subscription_paused"),
        happened=happened,
        means=voice.say("meaning.paused"),
        todo=voice.say("todo.paused" if has_card else "todo.paused_no_card"),
        todo_by_person=voice.say("todo.incomplete_expired"),
        evidence=_evidence(facts, plan),
        offers=(start, add, _person(voice, plan)) if has_card else (add, _person(voice, plan)),
        amount=plan.amount,
        at=plan.trial_end,
        subscription=plan.id,
    )


def _on_hold(facts: Facts, voice: Voice, plan: Subscription) -> Finding:
    """Somebody of ours put it on hold, and the plan can be used meanwhile."""
    until = voice.ahead(plan.collection_resumes_at)
    happened = voice.say("happened.on_hold")
    if until is not None:
        happened = voice.say("happened.on_hold_until", day=voice.day(until))
    start = FixOffer(
        name="resume_subscription",
        label=voice.say("fix.resume_payments"),
        subscription=plan.id,
    )
    return Finding(
        root_cause="subscription_paused",
        status="amber",
        hurt="attention",
        title=voice.say("title.on_hold"),
        happened=happened,
        means=voice.say("meaning.running"),
        todo=voice.say("todo.nothing"),
        evidence=_evidence(facts, plan),
        offers=(start, _person(voice, plan)),
        amount=plan.amount,
        at=until,
        subscription=plan.id,
    )


def _person(voice: Voice, plan: Subscription) -> FixOffer:
    return FixOffer(
        name="talk_to_human", label=voice.say("fix.talk_to_human"), subscription=plan.id
    )


def _evidence(facts: Facts, plan: Subscription) -> dict[str, object]:
    charged_by = facts.charged_for_plan(plan)
    return {
        "subscription": plan.id,
        "subscription_status": plan.status,
        "trial_end": plan.trial_end,
        "resumes_at": plan.collection_resumes_at,
        "payment_method": charged_by.id if charged_by else None,
        "charged_by": charged_by.field if charged_by else None,
    }
