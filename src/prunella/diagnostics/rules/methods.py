"""Cards that are missing or have run out before the next payment needs them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta

from prunella.diagnostics.facts import ChargedBy, Facts, PaymentMethod, Subscription
from prunella.diagnostics.findings import Finding, FixOffer, RootCause
from prunella.diagnostics.voice import Voice

TRIAL_ENDS_WITHIN = timedelta(days=7)


def method_findings(facts: Facts, voice: Voice, *, explained: Collection[str]) -> Iterator[Finding]:
    """One finding a field that fails; `explained` plans already ask for a card."""
    told: set[str | None] = set()
    for subscription in facts.subscriptions:
        if subscription.id in explained or not needs_a_method(facts, subscription):
            continue
        charged_by = facts.charged_for_plan(subscription)
        held = charged_by.id if charged_by else None
        finding = _finding(facts, voice, subscription, charged_by)
        if finding is not None and held not in told:
            told.add(held)
            yield finding


def needs_a_method(facts: Facts, subscription: Subscription) -> bool:
    """Whether a payment will be taken for this plan without the customer."""
    if subscription.collection_method == "send_invoice" or subscription.cancel_at_period_end:
        return False
    if subscription.amount is not None and subscription.amount.amount == 0:
        return False
    if subscription.status == "trialing":
        end = subscription.trial_end
        return end is not None and end - facts.now <= TRIAL_ENDS_WITHIN
    return subscription.status in {"active", "past_due", "paused"}


def _finding(
    facts: Facts,
    voice: Voice,
    subscription: Subscription,
    charged_by: ChargedBy | None,
) -> Finding | None:
    method = facts.method(charged_by.id) if charged_by else None
    cause: RootCause = "card_expired" if charged_by else "payment_method_missing"
    happened = voice.say("happened.no_card_saved")
    if charged_by is not None:
        if method is None or not method.expired(facts.now):
            return None
        happened = voice.say("happened.card_expired", card=voice.card(method))
    return _attention(
        voice,
        subscription,
        cause=cause,
        happened=happened,
        method=method,
        charged_by=charged_by,
    )


def _attention(
    voice: Voice,
    subscription: Subscription,
    *,
    cause: RootCause,
    happened: str,
    method: PaymentMethod | None,
    charged_by: ChargedBy | None,
) -> Finding:
    next_at = voice.ahead(subscription.trial_end) or voice.ahead(subscription.current_period_end)
    means = voice.say("meaning.next_cannot")
    if next_at is not None:
        means = voice.say("meaning.next_cannot_on", day=voice.day(next_at))
    label = "fix.add_card" if charged_by is None else "fix.choose_card"
    return Finding(
        root_cause=cause,
        status="amber",
        hurt="attention",
        title=voice.say(f"title.{cause}"),
        happened=happened,
        means=means,
        todo=voice.say(f"todo.{cause}_soon"),
        evidence=_evidence(subscription, method, charged_by),
        offers=(
            _offer(voice, subscription, charged_by, label=label),
            FixOffer(name="talk_to_human", label=voice.say("fix.talk_to_human")),
        ),
        amount=subscription.amount,
        at=next_at,
        subscription=subscription.id,
        payment_method=charged_by.id if charged_by else None,
    )


def _offer(
    voice: Voice,
    subscription: Subscription,
    charged_by: ChargedBy | None,
    *,
    label: str,
) -> FixOffer:
    return FixOffer(
        name="update_card",
        label=voice.say(label),
        main=True,
        subscription=subscription.id,
        charged_by=charged_by,
    )


def _evidence(
    subscription: Subscription,
    method: PaymentMethod | None,
    charged_by: ChargedBy | None,
) -> dict[str, str | int | None]:
    return {
        "subscription": subscription.id,
        "payment_method": charged_by.id if charged_by else None,
        "charged_by": charged_by.field if charged_by else None,
        "card_brand": method.brand if method else None,
        "card_last4": method.last4 if method else None,
        "exp_month": method.exp_month if method else None,
        "exp_year": method.exp_year if method else None,
    }
