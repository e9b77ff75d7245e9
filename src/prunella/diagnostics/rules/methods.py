"""Cards that are missing, have run out or soon will, before the next payment needs them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from prunella.diagnostics.facts import ChargedBy, Facts, PaymentMethod, Subscription
from prunella.diagnostics.findings import Finding, FixOffer, RootCause
from prunella.diagnostics.looked import Looked
from prunella.diagnostics.voice import Voice

TRIAL_ENDS_WITHIN = timedelta(days=7)
EXPIRES_WITHIN = timedelta(days=30)
# A yearly plan need not hear in spring of a payment in winter: by then the bank may have renewed.
PAID_WITHIN = timedelta(days=60)


def method_findings(facts: Facts, voice: Voice, *, explained: Collection[str]) -> Iterator[Looked]:
    """One finding a field that fails; `explained` plans already ask for a card."""
    told: set[str | None] = set()
    for subscription in facts.subscriptions:
        charged_by = facts.charged_for_plan(subscription)
        held = charged_by.id if charged_by else None
        because, finding = _judged(facts, voice, subscription, charged_by)
        if subscription.id in explained:
            because, finding = "told_elsewhere", None
        elif finding is not None and held in told:
            because, finding = "told_for_another_plan", None
        elif finding is not None:
            told.add(held)
        yield Looked(
            rule="card_in_place", subject=subscription.id, because=because, finding=finding
        )


def expires_too_soon(facts: Facts, method: PaymentMethod | None, next_at: datetime | None) -> bool:
    """Within 30 days, or before the next payment when that is near. Notices use the same."""
    ends = facts.expires_at(method)
    if ends is None or facts.expired(method):
        return False
    if ends - facts.now <= EXPIRES_WITHIN:
        return True
    near = next_at is not None and next_at - facts.now <= PAID_WITHIN
    return near and runs_out_by(facts, method, next_at)


def runs_out_by(facts: Facts, method: PaymentMethod | None, at: datetime | None) -> bool:
    ends = facts.expires_at(method)
    return ends is not None and at is not None and ends <= at


def needs_a_method(facts: Facts, subscription: Subscription) -> bool:
    """Whether a payment will be taken for this plan without the customer."""
    if subscription.collection_method == "send_invoice" or _ends_unpaid(subscription):
        return False
    if subscription.amount is not None and subscription.amount.amount == 0:
        return False
    if subscription.status == "trialing":
        end = subscription.trial_end
        return end is not None and end - facts.now <= TRIAL_ENDS_WITHIN
    return subscription.status in {"active", "past_due", "paused"}


def _ends_unpaid(subscription: Subscription) -> bool:
    """It ends before anything more is taken."""
    ends, next_at = subscription.cancel_at, subscription.next_payment_at
    if subscription.cancel_at_period_end or ends is None or next_at is None:
        return subscription.cancel_at_period_end
    return ends <= next_at


def _judged(
    facts: Facts,
    voice: Voice,
    subscription: Subscription,
    charged_by: ChargedBy | None,
) -> tuple[str, Finding | None]:
    if not needs_a_method(facts, subscription):
        return "takes_nothing", None
    method = facts.method(charged_by.id) if charged_by else None
    next_at = _next(voice, subscription)
    cause: RootCause | None = None
    if charged_by is None:
        cause, happened = "payment_method_missing", voice.say("happened.no_card_saved")
    elif facts.expired(method):
        cause = "card_expired"
        happened = voice.say("happened.card_expired", card=voice.card(method))
    elif expires_too_soon(facts, method, next_at):
        cause, happened = "card_expiring", _expires(voice, method)
    if cause is None:
        return "card_is_good" if method else "card_not_known", None
    finding = _attention(
        voice,
        subscription,
        cause=cause,
        happened=happened,
        method=method,
        charged_by=charged_by,
    )
    return cause, finding


def _next(voice: Voice, subscription: Subscription) -> datetime | None:
    return voice.ahead(subscription.trial_end) or voice.ahead(subscription.current_period_end)


def _expires(voice: Voice, method: PaymentMethod | None) -> str:
    until = f"{method.exp_month:02}/{method.exp_year}" if method else ""
    return voice.say("happened.card_expiring", card=voice.card(method), until=until)


def _means(
    voice: Voice, cause: RootCause, method: PaymentMethod | None, at: datetime | None
) -> str:
    if cause == "card_expiring" and not runs_out_by(voice.facts, method, at):
        return voice.say("meaning.next_works_on", day=voice.day(at)) if at else ""
    # Banks often renew a card by themselves, so this is not certain yet.
    key = "next_may_not" if cause == "card_expiring" else "next_cannot"
    if at is None:
        return voice.say(f"meaning.{key}")
    return voice.say(f"meaning.{key}_on", day=voice.day(at))


def _attention(
    voice: Voice,
    subscription: Subscription,
    *,
    cause: RootCause,
    happened: str,
    method: PaymentMethod | None,
    charged_by: ChargedBy | None,
) -> Finding:
    next_at = _next(voice, subscription)
    label = "fix.add_card" if charged_by is None else "fix.choose_card"
    return Finding(
        root_cause=cause,
        status="amber",
        hurt="attention",
        title=voice.say(f"title.{cause}"),
        happened=happened,
        means=_means(voice, cause, method, next_at),
        todo=voice.say(f"todo.{cause}_soon"),
        evidence=_evidence(subscription, method, charged_by, voice.facts.expires_at(method)),
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
    expires_at: datetime | None,
) -> dict[str, str | int | datetime | None]:
    return {
        "subscription": subscription.id,
        "payment_method": charged_by.id if charged_by else None,
        "charged_by": charged_by.field if charged_by else None,
        "card_brand": method.brand if method else None,
        "card_last4": method.last4 if method else None,
        "exp_month": method.exp_month if method else None,
        "exp_year": method.exp_year if method else None,
        "expires_at": expires_at,
    }
