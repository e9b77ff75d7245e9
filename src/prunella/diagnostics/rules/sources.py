"""Whether those who know were asked: with Stripe away, the answer is as old as its last word."""

from __future__ import annotations

from collections.abc import Iterator

from prunella.diagnostics.facts import Facts, Source
from prunella.diagnostics.findings import Finding
from prunella.diagnostics.looked import Looked
from prunella.diagnostics.voice import Voice

STRIPE = "stripe"
"""Without it nothing is known for certain; who else is away is simply not heard."""


def source_findings(facts: Facts, voice: Voice) -> Iterator[Looked]:
    for source in facts.sources:
        away = source.state == "unreachable"
        is_told = away and source.name == STRIPE
        yield Looked(
            rule="source",
            subject=source.name,
            because="does_not_answer" if away else "answers",
            finding=_away(voice, source) if is_told else None,
        )


def _away(voice: Voice, source: Source) -> Finding:
    """No remedy is offered: nobody on this side can do anything about it, and it passes."""
    known = source.as_of
    return Finding(
        root_cause="stripe_unreachable",
        status="amber",
        hurt="not_asked",
        title=voice.say("title.stripe_unreachable"),
        happened=voice.say("happened.stripe_unreachable"),
        means=voice.say("meaning.as_known_at", at=voice.day_and_time(known))
        if known
        else voice.say("meaning.not_known_yet"),
        todo=voice.say("todo.stripe_unreachable"),
        evidence={"source": source.name, "as_of": known},
    )
