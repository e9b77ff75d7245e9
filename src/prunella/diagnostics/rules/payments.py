"""Payments that belong to no invoice we know: one each, while they still matter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from prunella.diagnostics.facts import Attempt, Facts
from prunella.diagnostics.looked import Looked
from prunella.diagnostics.rules.failed import failed_finding
from prunella.diagnostics.rules.failure import failure_of
from prunella.diagnostics.voice import Voice

MATTERS_FOR = timedelta(days=30)


def payment_findings(facts: Facts, voice: Voice) -> Iterator[Looked]:
    known = {invoice.id for invoice in facts.invoices}
    latest = {_subject(one): one for one in facts.attempts if one.invoice not in known}
    for subject, attempt in latest.items():
        why_not = _why_not(facts, attempt)
        yield Looked(
            rule="other_payment",
            subject=subject,
            because=why_not or "last_try_stopped",
            finding=None if why_not else failed_finding(failure_of(facts, attempt), voice),
        )


def _subject(attempt: Attempt) -> str:
    return attempt.payment_intent or attempt.charge or ""


def _why_not(facts: Facts, attempt: Attempt) -> str:
    """Why it does not matter; empty when it does."""
    if attempt.outcome not in {"failed", "requires_action"}:
        return "it_works"
    if attempt.payment_intent_status in {"canceled", "succeeded"} or attempt.at is None:
        return "called_off"
    if attempt.at < facts.now - MATTERS_FOR:
        return "long_ago"
    if _in_checkout(facts, attempt):
        return "on_an_open_page"
    settled = any(_settles(later, attempt) for later in facts.attempts)
    return "settled_since" if settled else ""


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
