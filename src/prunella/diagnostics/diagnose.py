"""The diagnosis: facts in, findings in order out. Pure; asks nobody and reads no clock."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from prunella.diagnostics.facts import Facts
from prunella.diagnostics.findings import HURTS, Diagnosis, Finding, FixName, FixOffer
from prunella.diagnostics.looked import Looked, findings_in
from prunella.diagnostics.meter import meter
from prunella.diagnostics.offers import offers_of
from prunella.diagnostics.possible import POSSIBLE, within
from prunella.diagnostics.rules import look_at
from prunella.diagnostics.rules.fine import all_fine
from prunella.diagnostics.voice import Voice
from prunella.diagnostics.wording import Words

# More than this in one text is no longer read; the page lists them all.
MAX_TOLD = 3
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """A diagnosis with everything that was looked at on the way to it."""

    looks: tuple[Looked, ...]
    diagnosis: Diagnosis


def diagnose(
    facts: Facts,
    words: Words,
    possible: AbstractSet[FixName] = POSSIBLE,
) -> Diagnosis:
    """What is true about this customer's payments, the worst first, in words they understand.

    `possible` are the fixes that can be carried out here; no other is offered.
    """
    return judge(facts, words, possible).diagnosis


def judge(facts: Facts, words: Words, possible: AbstractSet[FixName] = POSSIBLE) -> Judgement:
    voice = Voice(facts=facts, words=words.in_zone(facts.time_zone))
    looks = tuple(_only_possible(look, possible, voice) for look in look_at(facts, voice))
    found = findings_in(looks)
    told = sorted((one for one in found if one.status != "green"), key=_order)
    fine = sorted((one for one in found if one.status == "green"), key=_order)
    opening = [] if told else [all_fine(voice)]
    findings = (*told, *opening, *fine)
    diagnosis = Diagnosis(
        customer=facts.customer,
        explanation=_merged(told or opening, voice),
        findings=findings,
        meter=meter(facts, [one for one in told if one.is_trouble], voice.words),
        offers=offers_of(findings, voice.words),
        as_of=facts.as_of,
        sources=facts.sources,
    )
    return Judgement(looks=looks, diagnosis=diagnosis)


def offers(diagnosis: Diagnosis) -> tuple[FixOffer, ...]:
    """The remedies of this diagnosis: the main one first, a person always among them."""
    return diagnosis.offers


def _only_possible(look: Looked, possible: AbstractSet[FixName], voice: Voice) -> Looked:
    if look.finding is None:
        return look
    return replace(look, finding=within(look.finding, possible, voice))


def _order(finding: Finding) -> tuple[int, Decimal, datetime, str]:
    """What hurts most, then the larger amount, then the older one; the id makes it certain."""
    amount = finding.amount.major if finding.amount else Decimal(0)
    evidence = finding.evidence
    named = next((str(evidence[key]) for key in sorted(evidence) if evidence[key]), "")
    return HURTS.index(finding.hurt), -amount, finding.at or _NEVER, named


def _merged(findings: Sequence[Finding], voice: Voice) -> str:
    told = [finding.explanation for finding in findings[:MAX_TOLD]]
    more = len(findings) - len(told)
    if more:
        told.append(voice.say("diagnosis.more", count=more))
    return " ".join(told)
