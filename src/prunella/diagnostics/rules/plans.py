"""Plans that are late or stopped, where no invoice explains it better."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta

from prunella.diagnostics.facts import Facts, Subscription
from prunella.diagnostics.findings import Finding, FixName, FixOffer, RootCause
from prunella.diagnostics.looked import Looked
from prunella.diagnostics.rules.failure import stopped
from prunella.diagnostics.voice import Voice, join

MATTERS_FOR = timedelta(days=30)
_CAUSES: dict[str | None, RootCause] = {
    "past_due": "subscription_past_due",
    "unpaid": "subscription_unpaid",
    "incomplete": "subscription_incomplete",
}


def plan_findings(
    facts: Facts,
    voice: Voice,
    *,
    explained: Collection[str],
    page_closed: bool,
) -> Iterator[Looked]:
    """`explained` are the plans that a finding about money already speaks of.

    `page_closed`: a finding already offers to open the page again on which a plan begins.
    """
    for plan in facts.subscriptions:
        cause = _CAUSES.get(plan.status)
        because, finding = "not_late", None
        if plan.id in explained:
            because = "told_elsewhere"
        elif cause is not None and _paid_since(facts, plan):
            because = "paid_since"
        elif cause is not None:
            because, finding = "late", _finding(facts, voice, plan, cause)
        elif not page_closed and _lapsed(facts, plan):
            because, finding = "never_begun", _never_begun(facts, voice, plan)
        yield Looked(rule="plan_late", subject=plan.id, because=because, finding=finding)


def _paid_since(facts: Facts, subscription: Subscription) -> bool:
    """Its last bill is paid, so that Stripe has put it right: we only have not heard of that."""
    last = subscription.latest_invoice
    return any(one.id == last and one.status == "paid" for one in facts.invoices)


def _lapsed(facts: Facts, subscription: Subscription) -> bool:
    """The first payment was not finished in time, and nothing took the plan's place."""
    if subscription.status != "incomplete_expired" or subscription.created is None:
        return False
    if subscription.created < facts.now - MATTERS_FOR:
        return False
    later = facts.subscriptions[facts.subscriptions.index(subscription) + 1 :]
    return not later and not any(one.running for one in facts.subscriptions)


def _finding(
    facts: Facts,
    voice: Voice,
    subscription: Subscription,
    cause: RootCause,
) -> Finding:
    consequence = voice.consequence(subscription)
    return Finding(
        root_cause=cause,
        status="red",
        hurt="service_off" if stopped(subscription) else "money_due",
        title=voice.say(f"title.{cause}"),
        happened=voice.say(f"happened.{cause}_plan"),
        means=consequence,
        todo=voice.say(f"todo.{cause}"),
        evidence=_evidence(facts, subscription),
        offers=(
            _offer(facts, voice, subscription, "update_card", main=True),
            _offer(facts, voice, subscription, "talk_to_human"),
        ),
        at=subscription.current_period_end or subscription.created,
        subscription=subscription.id,
    )


def _never_begun(facts: Facts, voice: Voice, subscription: Subscription) -> Finding:
    return Finding(
        root_cause="subscription_incomplete",
        status="red",
        hurt="overdue",
        title=voice.say("title.subscription_incomplete"),
        happened=voice.say("happened.incomplete_expired"),
        means=join(voice.say("meaning.not_taken"), voice.consequence(subscription)),
        todo=voice.say("todo.incomplete_expired"),
        evidence=_evidence(facts, subscription),
        offers=(_offer(facts, voice, subscription, "talk_to_human", main=True),),
        at=subscription.created,
        subscription=subscription.id,
    )


def _offer(
    facts: Facts,
    voice: Voice,
    subscription: Subscription,
    name: FixName,
    *,
    main: bool = False,
) -> FixOffer:
    label = "fix.talk_to_human" if name == "talk_to_human" else "fix.choose_card"
    return FixOffer(
        name=name,
        label=voice.say(label),
        main=main,
        invoice=subscription.latest_invoice if name == "update_card" else None,
        subscription=subscription.id,
        charged_by=facts.charged_for_plan(subscription),
    )


def _evidence(facts: Facts, subscription: Subscription) -> dict[str, str | None]:
    charged_by = facts.charged_for_plan(subscription)
    return {
        "subscription": subscription.id,
        "subscription_status": subscription.status,
        "invoice": subscription.latest_invoice,
        "charged_by": charged_by.field if charged_by else None,
    }
