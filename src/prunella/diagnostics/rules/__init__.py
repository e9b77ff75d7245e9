"""What can be wrong, or fine: one module a subject, each a pure function of facts and words.

A rule returns what it looked at, whether it found something there, and why or why not.
"""

from __future__ import annotations

from prunella.diagnostics.facts import Facts
from prunella.diagnostics.findings import Finding
from prunella.diagnostics.looked import Looked, findings_in, plans_in
from prunella.diagnostics.rules.access import access_findings
from prunella.diagnostics.rules.disputes import dispute_findings
from prunella.diagnostics.rules.duplicates import duplicate_findings
from prunella.diagnostics.rules.ended import ended_findings
from prunella.diagnostics.rules.fine import fine_findings
from prunella.diagnostics.rules.invoices import invoice_findings
from prunella.diagnostics.rules.links import link_findings
from prunella.diagnostics.rules.methods import method_findings
from prunella.diagnostics.rules.overcharges import overcharge_findings
from prunella.diagnostics.rules.paused import paused_findings
from prunella.diagnostics.rules.payments import payment_findings
from prunella.diagnostics.rules.plans import plan_findings
from prunella.diagnostics.rules.refunds import refund_findings
from prunella.diagnostics.rules.sources import source_findings
from prunella.diagnostics.rules.trials import trial_findings
from prunella.diagnostics.voice import Voice


def look_at(facts: Facts, voice: Voice) -> list[Looked]:
    """Hold every rule against everything known. What explains more is asked first."""
    if facts.deleted:
        return [Looked(rule="customer", subject=facts.customer, because="deleted")]
    money = [*invoice_findings(facts, voice), *payment_findings(facts, voice)]
    pages = list(link_findings(facts, voice))
    plans = _plans(facts, voice, about_money=_problems(money), page_closed=bool(_problems(pages)))
    explained = plans_in(_problems([*money, *plans]))
    plans += access_findings(facts, voice)
    cards = list(method_findings(facts, voice, explained=explained))
    back = [*duplicate_findings(facts, voice), *dispute_findings(facts, voice)]
    back += [*overcharge_findings(facts, voice), *refund_findings(facts, voice)]
    told = [*money, *pages, *plans, *cards, *back]
    return [*told, *source_findings(facts, voice), *_fine(facts, voice, told=told, plans=plans)]


def _plans(
    facts: Facts,
    voice: Voice,
    *,
    about_money: list[Finding],
    page_closed: bool,
) -> list[Looked]:
    """What is said of a plan where no bill says it; each plan is spoken of once."""
    explained = plans_in(about_money)
    late = list(plan_findings(facts, voice, explained=explained, page_closed=page_closed))
    explained |= plans_in(findings_in(late))
    paused = list(paused_findings(facts, voice, explained=explained))
    ended = list(ended_findings(facts, voice, explained=explained))
    explained |= plans_in(findings_in(paused))
    return [*late, *paused, *ended, *trial_findings(facts, voice, explained=explained)]


def _fine(facts: Facts, voice: Voice, *, told: list[Looked], plans: list[Looked]) -> list[Looked]:
    failed = {one.payment_method for one in findings_in(told) if one.payment_method}
    return list(
        fine_findings(
            facts,
            voice,
            failed_methods=failed,
            told_plans=plans_in(findings_in(plans)),
        )
    )


def _problems(looks: list[Looked]) -> list[Finding]:
    return [finding for finding in findings_in(looks) if finding.status != "green"]
