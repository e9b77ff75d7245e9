"""A bank that asks for money back. What the card's holder told it is not repeated here."""

from __future__ import annotations

from collections.abc import Iterator

from prunella.diagnostics.facts import Dispute, Facts
from prunella.diagnostics.findings import Finding
from prunella.diagnostics.looked import Looked
from prunella.diagnostics.rules.money_back import evidence, person, told
from prunella.diagnostics.voice import Voice

# While these last, the bank only asks; no money has moved.
_INQUIRIES = frozenset({"warning_needs_response", "warning_under_review"})
_OPEN = _INQUIRIES | {
    "needs_response",
    "under_review",
    "appeal_needs_response",
    "appeal_under_review",
}
_WANTS_EVIDENCE = frozenset({"needs_response", "warning_needs_response", "appeal_needs_response"})


def dispute_findings(facts: Facts, voice: Voice) -> Iterator[Looked]:
    for dispute in facts.disputes:
        is_open = dispute.status in _OPEN
        yield Looked(
            rule="dispute",
            subject=dispute.id,
            because="bank_is_looking" if is_open else "bank_has_decided",
            finding=_finding(facts, voice, dispute) if is_open else None,
        )


def _finding(facts: Facts, voice: Voice, dispute: Dispute) -> Finding:
    key = "inquiry" if dispute.status in _INQUIRIES else "dispute"
    return Finding(
        root_cause="dispute_open",
        status="amber",
        hurt="attention",
        title=voice.say("title.dispute_open"),
        happened=told(facts, voice, key, dispute),
        means=voice.say(f"meaning.{key}"),
        todo=voice.say("todo.dispute_open"),
        evidence=dict(evidence(facts, dispute)),
        offers=(person(voice, dispute, main=True),),
        amount=dispute.amount,
        at=dispute.at,
        alert=_alert(dispute),
    )


def _alert(dispute: Dispute) -> str | None:
    if dispute.status not in _WANTS_EVIDENCE or dispute.evidence_due_at is None:
        return None
    return f"dispute {dispute.id} wants evidence by {dispute.evidence_due_at.isoformat()}"
