"""Money on its way back, and money that did not arrive. Why not is never told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from prunella.diagnostics.facts import Facts, Refund
from prunella.diagnostics.findings import Finding
from prunella.diagnostics.looked import Looked
from prunella.diagnostics.rules.money_back import evidence, person, told
from prunella.diagnostics.voice import Voice, join

# Banks take 5 to 10 days to show it.
BANKS_TAKE = timedelta(days=10)
SHOWN_FOR = timedelta(days=30)
MISSED_FOR = timedelta(days=180)


def refund_findings(facts: Facts, voice: Voice) -> Iterator[Looked]:
    for refund in facts.refunds:
        because, finding = _judged(facts, voice, refund)
        yield Looked(rule="refund", subject=refund.id, because=because, finding=finding)


def _judged(facts: Facts, voice: Voice, refund: Refund) -> tuple[str, Finding | None]:
    if refund.status in {"pending", "requires_action"}:
        return "refund_pending", _pending(facts, voice, refund)
    if refund.status == "failed":
        why_not = _forgotten(facts, refund)
        return why_not or "refund_failed", None if why_not else _failed(facts, voice, refund)
    if refund.status != "succeeded":
        return "refund_called_off", None
    if refund.at is None or refund.at < facts.now - SHOWN_FOR:
        return "long_ago", None
    return "refund_sent", _sent(facts, voice, refund)


def _forgotten(facts: Facts, refund: Refund) -> str:
    """Why a refund that did not arrive needs nothing more; empty when it does."""
    if refund.at is not None and refund.at < facts.now - MISSED_FOR:
        return "long_ago"
    later = facts.refunds[facts.refunds.index(refund) + 1 :]
    again = any(
        one.charge == refund.charge and one.status in {"pending", "succeeded"} for one in later
    )
    return "refunded_again" if again else ""


def _late(facts: Facts, refund: Refund) -> bool:
    return refund.at is not None and refund.at + BANKS_TAKE < facts.now


def _pending(facts: Facts, voice: Voice, refund: Refund) -> Finding:
    stuck = refund.status == "requires_action" or _late(facts, refund)
    return Finding(
        root_cause="refund_pending",
        status="amber",
        hurt="attention",
        title=voice.say("title.refund_pending"),
        happened=told(facts, voice, "refund", refund),
        means=_when(facts, voice, refund),
        todo=voice.say("todo.ask" if stuck else "todo.wait"),
        evidence=_evidence(facts, refund),
        offers=(person(voice, refund, main=stuck),),
        amount=refund.amount,
        at=refund.at,
    )


def _when(facts: Facts, voice: Voice, refund: Refund) -> str:
    if refund.status == "requires_action":
        return voice.say("meaning.refund_waits")
    if refund.at is None:
        return voice.say("meaning.refund_takes")
    if _late(facts, refund):
        return voice.say("meaning.refund_late")
    return voice.say("meaning.refund_by", day=voice.day(refund.at + BANKS_TAKE))


def _failed(facts: Facts, voice: Voice, refund: Refund) -> Finding:
    sent = told(facts, voice, "refund", refund)
    return Finding(
        root_cause="refund_failed",
        status="red",
        hurt="money_back",
        title=voice.say("title.refund_failed"),
        happened=join(sent, voice.say("happened.refund_came_back")),
        means=voice.say("meaning.refund_failed"),
        todo=voice.say("todo.refund_failed"),
        evidence=_evidence(facts, refund),
        offers=(person(voice, refund, main=True),),
        amount=refund.amount,
        at=refund.at,
    )


def _sent(facts: Facts, voice: Voice, refund: Refund) -> Finding:
    arrived = _late(facts, refund)
    return Finding(
        root_cause="healthy",
        status="green",
        hurt="fine",
        title=voice.say("title.fine_refund_there" if arrived else "title.refund_pending"),
        happened=told(facts, voice, "refund", refund),
        means=voice.say("fine.refund_there") if arrived else _when(facts, voice, refund),
        evidence=_evidence(facts, refund),
        amount=refund.amount,
        at=refund.at,
    )


def _evidence(facts: Facts, refund: Refund) -> dict[str, object]:
    by = refund.at + BANKS_TAKE if refund.at else None
    return {**dict(evidence(facts, refund)), "expected_by": by}
