"""Payments that belong to no invoice we know: one each, while they still matter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from prunella.diagnostics.facts import Attempt, Facts
from prunella.diagnostics.findings import Finding
from prunella.diagnostics.rules.failed import failed_finding
from prunella.diagnostics.rules.failure import failure_of
from prunella.diagnostics.voice import Voice

MATTERS_FOR = timedelta(days=30)


def payment_findings(facts: Facts, voice: Voice) -> Iterator[Finding]:
    known = {invoice.id for invoice in facts.invoices}
    latest = {_subject(one): one for one in facts.attempts if one.invoice not in known}
    for attempt in latest.values():
        if attempt.outcome in {"failed", "requires_action"} and _matters(facts, attempt):
            yield failed_finding(failure_of(facts, attempt), voice)


def _subject(attempt: Attempt) -> str | None:
    return attempt.payment_intent or attempt.charge


def _matters(facts: Facts, attempt: Attempt) -> bool:
    if attempt.payment_intent_status in {"canceled", "succeeded"} or attempt.at is None:
        return False
    if attempt.at < facts.now - MATTERS_FOR or _in_checkout(facts, attempt):
        return False
    return not any(_settles(later, attempt) for later in facts.attempts)


def _in_checkout(facts: Facts, attempt: Attempt) -> bool:
    """A wrong card typed into an open page is no failure; a closed page has its own finding."""
    if attempt.payment_intent is None:
        return False
    return any(one.payment_intent == attempt.payment_intent for one in facts.checkout_sessions)


def _settles(later: Attempt, attempt: Attempt) -> bool:
    """The same amount went through, or is on its way, after this try."""
    if later.outcome not in {"succeeded", "processing"} or later.amount != attempt.amount:
        return False
    return later.at is not None and attempt.at is not None and later.at >= attempt.at
