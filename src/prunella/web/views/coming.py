"""The next payment of each plan: when, how much, and what stands in its way."""

from collections.abc import Iterator
from datetime import datetime

from prunella.diagnostics import Facts
from prunella.diagnostics.facts import Subscription


def payments_to_come(facts: Facts) -> Iterator[tuple[datetime, Subscription, str]]:
    """Give when, of which plan, and how it is collected: a word of the catalogue."""
    for plan in facts.subscriptions:
        at = next_payment(facts, plan)
        if at and plan.amount:
            yield at, plan, _how(facts, plan, at)


def next_payment(facts: Facts, plan: Subscription) -> datetime | None:
    """When money is due for a plan that goes on; None where none will be."""
    at = plan.next_payment_at
    goes_on = plan.running and not plan.ending and not plan.collection_paused
    return at if goes_on and at and at > facts.now and not _stops(facts, plan) else None


def _stops(facts: Facts, plan: Subscription) -> bool:
    """Whether a trial that nobody can be charged for ends without a bill."""
    if plan.status != "trialing" or facts.charged_for_plan(plan):
        return False
    return plan.trial_without_card in {"pause", "cancel"}


def _how(facts: Facts, plan: Subscription, at: datetime) -> str:
    if plan.collection_method == "send_invoice":
        return "next_payment_sent"
    charged_by = facts.charged_for_plan(plan)
    if charged_by is None:
        return "next_payment_no_card"
    ends = facts.expires_at(facts.method(charged_by.id))
    return "next_payment_old_card" if ends and ends <= at else "next_payment_text"
