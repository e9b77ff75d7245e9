"""Plans that have ended: alarming only where nobody wished it, and not for ever."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from prunella.diagnostics.facts import Facts, Subscription
from prunella.diagnostics.findings import Finding, FixOffer
from prunella.diagnostics.looked import Looked
from prunella.diagnostics.voice import Voice

MATTERS_FOR = timedelta(days=30)
# Stripe's words for why a plan was cancelled, and the words that tell it.
_TELLINGS = {
    "cancellation_requested": "asked",
    "payment_failed": "unpaid",
    "payment_disputed": "disputed",
}
_NOT_WISHED = frozenset({"unpaid", "disputed"})


def ended_findings(facts: Facts, voice: Voice, *, explained: Collection[str]) -> Iterator[Looked]:
    for plan in facts.subscriptions:
        because, finding = _why_not(facts, plan), None
        if plan.id in explained:
            because = "told_elsewhere"
        elif not because:
            because, finding = _judged(facts, voice, plan)
        yield Looked(rule="plan_ended", subject=plan.id, because=because, finding=finding)


def _why_not(facts: Facts, plan: Subscription) -> str:
    if plan.status != "canceled":
        return "not_ended"
    if any(one.running for one in facts.subscriptions):
        return "another_plan_runs"
    later = facts.subscriptions[facts.subscriptions.index(plan) + 1 :]
    return "a_later_plan" if later else ""


def _judged(facts: Facts, voice: Voice, plan: Subscription) -> tuple[str, Finding]:
    ended_at = plan.ended_at or plan.canceled_at
    telling = _telling(plan)
    if ended_at is not None and ended_at < facts.now - MATTERS_FOR:
        return "ended_long_ago", _finding(voice, plan, telling, ended_at, lately=False)
    because = f"ended_{telling}" if telling else "ended"
    return because, _finding(voice, plan, telling, ended_at, lately=True)


def _telling(plan: Subscription) -> str:
    """Stripe's reason; where it gives none, what the plan was before it ended."""
    if plan.cancel_reason is None and plan.status_before in {"unpaid", "past_due"}:
        return "unpaid"
    return _TELLINGS.get(plan.cancel_reason or "", "")


def _finding(
    voice: Voice,
    plan: Subscription,
    telling: str,
    ended_at: datetime | None,
    *,
    lately: bool,
) -> Finding:
    against_wish = telling in _NOT_WISHED
    person = FixOffer(
        name="talk_to_human",
        label=voice.say("fix.talk_to_human"),
        main=lately and against_wish,
        subscription=plan.id,
    )
    bad = lately and against_wish
    return Finding(
        root_cause="subscription_canceled",
        status="red" if bad else "amber" if lately else "green",
        hurt="service_off" if bad else "attention" if lately else "fine",
        title=voice.say("title.subscription_canceled"),
        happened=_happened(voice, telling, ended_at),
        means=voice.say("meaning.ended") if ended_at else voice.say("meaning.ended_plain"),
        todo=voice.say("todo.incomplete_expired" if bad else "todo.ended"),
        evidence={
            "subscription": plan.id,
            "subscription_status": plan.status,
            "ended_at": ended_at,
            "canceled_at": plan.canceled_at,
        },
        offers=(person,),
        at=ended_at,
        subscription=plan.id,
    )


def _happened(voice: Voice, telling: str, ended_at: datetime | None) -> str:
    if ended_at is None:
        return voice.say("happened.ended_plain")
    key = f"happened.ended_{telling}" if telling else "happened.ended"
    return voice.say(key, day=voice.day(ended_at))
