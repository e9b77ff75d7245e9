"""Open invoices: each becomes one finding, with the best explanation there is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from prunella.diagnostics.facts import Attempt, Facts
from prunella.diagnostics.findings import Finding, RootCause
from prunella.diagnostics.looked import Looked
from prunella.diagnostics.rules.bill import Bill
from prunella.diagnostics.rules.failed import failed_finding
from prunella.diagnostics.rules.failure import evidence_of, failure_of, seen, stopped
from prunella.diagnostics.voice import Voice, join

# Why, as a key of the catalogue, and the finding that follows.
Judged = tuple[str, Finding]

# Stripe charges an invoice about an hour after finalising it; a day later it has been forgotten.
CHARGED_WITHIN = timedelta(days=1)
_EXPLAINED_BY_PLAN: dict[str | None, RootCause] = {
    "past_due": "subscription_past_due",
    "unpaid": "subscription_unpaid",
    "incomplete": "subscription_incomplete",
}


def invoice_findings(facts: Facts, voice: Voice) -> Iterator[Looked]:
    for invoice in facts.invoices:
        because, finding = "not_owed", None
        if invoice.owed:
            because, finding = _judged(Bill(facts=facts, voice=voice, invoice=invoice))
        yield Looked(rule="open_invoice", subject=invoice.id, because=because, finding=finding)


def _judged(bill: Bill) -> Judged:
    tried = list(bill.facts.attempts_for(bill.invoice))
    if tried and tried[-1].outcome in {"processing", "succeeded"}:
        return "on_its_way", _processing(bill, tried[-1])
    if tried:
        failure = failure_of(bill.facts, tried[-1], invoice=bill.invoice)
        return "last_try_stopped", failed_finding(failure, bill.voice)
    return _sent(bill) if bill.invoice.sent_to_pay else _untried(bill)


def _processing(bill: Bill, attempt: Attempt) -> Finding:
    """Also a payment that went through a moment ago: asking again now would pay twice."""
    voice, subscription = bill.voice, bill.subscription
    return Finding(
        root_cause="payment_processing",
        status="amber",
        hurt="attention",
        title=voice.title("processing", attempt.at),
        happened=voice.asked(attempt, bill.invoice),
        means=join(voice.say("meaning.processing"), voice.consequence(subscription)),
        todo=voice.say("todo.wait"),
        evidence=evidence_of(
            attempt,
            invoice=bill.invoice,
            subscription=subscription,
            method=seen(bill.facts, attempt.method),
        ),
        offers=(bill.offer("talk_to_human", "fix.talk_to_human"),),
        amount=bill.invoice.remaining,
        at=attempt.at,
        invoice=bill.invoice.id,
        subscription=bill.invoice.subscription,
    )


def _sent(bill: Bill) -> Judged:
    """An invoice that the customer pays by its link."""
    due, expires = bill.invoice.due_at, bill.invoice.link_expires_at
    if due is None or due > bill.facts.now:
        return "not_due", _upcoming(bill)
    if expires is None or expires > bill.facts.now:
        return "past_due_day", _overdue(bill)
    return "link_closed", bill.late(
        "payment_link_expired",
        happened=bill.tell("happened.link_expired", day=bill.voice.day(expires)),
        fix=bill.offer("regenerate_link", "fix.regenerate_link", main=True),
        hurt="overdue",
    )


def _untried(bill: Bill) -> Judged:
    """Charged automatically, yet no attempt is known."""
    if bill.charged_by is None:
        return "nothing_to_charge", bill.late(
            "payment_method_missing",
            happened=bill.tell("happened.no_card"),
            fix=bill.offer("update_card", "fix.add_card_and_pay", main=True),
            hurt="money_due",
        )
    if stopped(bill.subscription) or bill.invoice.attempted:
        return "try_not_known", _unexplained(bill)
    began = bill.invoice.finalized_at or bill.invoice.created
    scheduled = bill.voice.ahead(bill.invoice.next_payment_attempt_at)
    if scheduled or began is None or bill.facts.now - began < CHARGED_WITHIN:
        return "charged_soon", _upcoming(bill)
    return "forgotten", _overdue(bill)


def _unexplained(bill: Bill) -> Finding:
    """It was tried and is not paid, but the try itself is not known to us."""
    subscription = bill.subscription
    cause = _EXPLAINED_BY_PLAN.get(subscription.status if subscription else None)
    if cause is None:
        return _overdue(bill)
    return bill.late(
        cause,
        happened=bill.tell(f"happened.{cause}"),
        fix=bill.offer("update_card", "fix.update_card", main=True),
        hurt="money_due",
    )


def _overdue(bill: Bill) -> Finding:
    """Its own page takes any method, so that is where the button leads."""
    due = bill.invoice.due_at
    happened = bill.tell("happened.open")
    if due is not None:
        happened = bill.tell("happened.overdue", day=bill.voice.day(due))
    fix = bill.offer("regenerate_link", "fix.pay", main=True)
    return bill.late("invoice_overdue", happened=happened, fix=fix, hurt="overdue")


def _upcoming(bill: Bill) -> Finding:
    voice = bill.voice
    at = voice.ahead(bill.invoice.due_at) or voice.ahead(bill.invoice.next_payment_attempt_at)
    key = "due_by" if bill.invoice.sent_to_pay else "charged_on"
    happened = bill.tell("happened.open")
    if at is not None:
        happened = bill.tell(f"happened.{key}", day=voice.day(at))
    pay = (bill.offer("regenerate_link", "fix.pay"),) if bill.invoice.sent_to_pay else ()
    return Finding(
        root_cause="healthy",
        status="green",
        hurt="fine",
        title=voice.say("title.upcoming"),
        happened=happened,
        evidence=bill.evidence(),
        offers=(*pay, *bill.mailed_again()),
        amount=bill.invoice.remaining,
        at=at,
        invoice=bill.invoice.id,
        subscription=bill.invoice.subscription,
    )
