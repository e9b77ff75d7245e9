"""Checkout pages that closed before anybody paid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from prunella.diagnostics.facts import CheckoutSession, Facts
from prunella.diagnostics.findings import Finding, FixOffer
from prunella.diagnostics.looked import Looked
from prunella.diagnostics.voice import Voice, join

MATTERS_FOR = timedelta(days=30)


def link_findings(facts: Facts, voice: Voice) -> Iterator[Looked]:
    for session in facts.checkout_sessions:
        why_not = _why_not(facts, session)
        yield Looked(
            rule="closed_page",
            subject=session.id,
            because=why_not or "closed_unpaid",
            finding=None if why_not else _finding(facts, voice, session),
        )


def _why_not(facts: Facts, session: CheckoutSession) -> str:
    """Why it does not matter; empty when it does."""
    if session.payment_status in {"paid", "no_payment_required"} or session.mode == "setup":
        return "nothing_to_pay"
    closed_at = _closed_at(session)
    if closed_at is None or closed_at < facts.now - MATTERS_FOR:
        return "long_ago"
    if not _closed(facts, session):
        return "still_open"
    return "replaced" if _superseded(facts, session) else ""


def _closed(facts: Facts, session: CheckoutSession) -> bool:
    if session.status == "open":
        return session.expires_at is not None and session.expires_at <= facts.now
    return session.status == "expired"


def _closed_at(session: CheckoutSession) -> datetime | None:
    return session.expires_at or session.created


def _superseded(facts: Facts, session: CheckoutSession) -> bool:
    """Something later took its place: another page, a plan that runs, or the money itself."""
    later = facts.checkout_sessions[facts.checkout_sessions.index(session) + 1 :]
    if any(one.recovered_from == session.id or one.mode == session.mode for one in later):
        return True
    began = session.created
    if session.mode == "subscription":
        plans = (one for one in facts.subscriptions if one.running)
        return any(one.created and began and one.created >= began for one in plans)
    paid = (one for one in facts.attempts if one.outcome in {"succeeded", "processing"})
    return any(
        one.at and began and one.at >= began and one.amount == session.amount for one in paid
    )


def _finding(facts: Facts, voice: Voice, session: CheckoutSession) -> Finding:
    served = any(subscription.running for subscription in facts.subscriptions)
    closed_at = _closed_at(session) or facts.now
    not_begun = voice.say("meaning.incomplete") if session.mode == "subscription" else ""
    return Finding(
        root_cause="payment_link_expired",
        status="amber" if served else "red",
        hurt="attention" if served else "overdue",
        title=voice.say("title.payment_link_expired"),
        happened=_happened(voice, session, day=voice.day(closed_at)),
        means=join(voice.say("meaning.not_taken"), not_begun),
        todo=voice.say("todo.payment_link_expired"),
        evidence=_evidence(session, closed_at),
        offers=(
            _offer(session, "regenerate_link", voice.say("fix.regenerate_link"), main=True),
            _offer(session, "talk_to_human", voice.say("fix.talk_to_human")),
        ),
        amount=session.amount,
        at=closed_at,
        subscription=session.subscription,
    )


def _happened(voice: Voice, session: CheckoutSession, *, day: str) -> str:
    if session.amount is None:
        return voice.say("happened.page_closed_plain", day=day)
    return voice.say("happened.page_closed", amount=session.amount, day=day)


def _offer(
    session: CheckoutSession,
    name: Literal["regenerate_link", "talk_to_human"],
    label: str,
    *,
    main: bool = False,
) -> FixOffer:
    return FixOffer(
        name=name,
        label=label,
        main=main,
        checkout_session=session.id,
        amount=session.amount,
    )


def _evidence(
    session: CheckoutSession, closed_at: datetime
) -> dict[str, str | int | datetime | None]:
    return {
        "checkout_session": session.id,
        "payment_intent": session.payment_intent,
        "subscription": session.subscription,
        "amount": session.amount.amount if session.amount else None,
        "currency": session.amount.currency if session.amount else None,
        "at": closed_at,
        "recoverable": session.recoverable,
    }
