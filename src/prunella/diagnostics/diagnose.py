"""The diagnosis: facts in, findings in order out. Pure; asks nobody and reads no clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from prunella.diagnostics.facts import Facts
from prunella.diagnostics.findings import HURTS, Diagnosis, Finding, FixOffer
from prunella.diagnostics.meter import meter
from prunella.diagnostics.offers import offers_of
from prunella.diagnostics.rules.fine import all_fine, fine_findings
from prunella.diagnostics.rules.invoices import invoice_findings
from prunella.diagnostics.rules.links import link_findings
from prunella.diagnostics.rules.methods import method_findings
from prunella.diagnostics.rules.payments import payment_findings
from prunella.diagnostics.rules.plans import plan_findings
from prunella.diagnostics.voice import Voice
from prunella.diagnostics.wording import Words

# More than this in one text is no longer read; the page lists them all.
MAX_TOLD = 3
_NEVER = datetime.max.replace(tzinfo=UTC)


def diagnose(facts: Facts, words: Words) -> Diagnosis:
    """What is true about this customer's payments, the worst first, in words they understand."""
    voice = Voice(facts=facts, words=words.in_zone(facts.time_zone))
    bills = [] if facts.deleted else list(invoice_findings(facts, voice))
    problems = sorted(_problems(facts, voice, bills), key=_order)
    fine = sorted(_fine(facts, voice, [*bills, *problems]), key=_order)
    opening = [] if problems else [all_fine(voice)]
    findings = (*problems, *opening, *fine)
    return Diagnosis(
        customer=facts.customer,
        explanation=_merged(problems or opening, voice),
        findings=findings,
        meter=meter(facts, problems, voice.words),
        offers=offers_of(findings, voice.words),
        as_of=facts.as_of,
        sources=facts.sources,
    )


def offers(diagnosis: Diagnosis) -> tuple[FixOffer, ...]:
    """The remedies of this diagnosis: the main one first, a person always among them."""
    return diagnosis.offers


def _problems(facts: Facts, voice: Voice, bills: Sequence[Finding]) -> Iterator[Finding]:
    if facts.deleted:
        return
    late = [finding for finding in bills if finding.status != "green"]
    about_money = [*late, *payment_findings(facts, voice)]
    explained = {finding.subscription for finding in about_money if finding.subscription}
    pages = list(link_findings(facts, voice))
    plans = list(plan_findings(facts, voice, explained=explained, page_closed=bool(pages)))
    explained |= {finding.subscription for finding in plans if finding.subscription}
    yield from about_money
    yield from pages
    yield from plans
    yield from method_findings(facts, voice, explained=explained)


def _fine(facts: Facts, voice: Voice, found: Sequence[Finding]) -> Iterator[Finding]:
    """`found`: the bills, of which some are fine, and the problems."""
    if facts.deleted:
        return
    failed = {finding.payment_method for finding in found if finding.payment_method}
    yield from (finding for finding in found if finding.status == "green")
    yield from fine_findings(facts, voice, failed_methods=failed)


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
