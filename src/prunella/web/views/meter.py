"""The health meter's page: five lights, one thing to do, and everything around it."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from prunella.diagnostics import Check, Diagnosis, Facts, Finding, FixOffer
from prunella.diagnostics.facts import Subscription
from prunella.people import Customer
from prunella.tiers.prevent import Plan
from prunella.web.views.account import Fact, account
from prunella.web.views.bills import Bill, bills
from prunella.web.views.choosing import how_to_go_on, resume_label
from prunella.web.views.recovery import planned_steps
from prunella.web.views.saying import Saying
from prunella.web.views.settled import Settled
from prunella.web.views.story import Step, Wrote, latest, story

Aim = tuple[str, str]
"""A fix and what it is aimed at."""
AN_HOUR = 60
_SHAPE = {"green": "ok", "amber": "warn", "red": "bad"}
_BESIDE = {"change_plan", "update_billing_details", "resume_subscription"}
"""What stands beside the account, whatever is wrong."""
_MONEY = {"refund", "refund_duplicate", "refund_overcharge", "credit_overcharge"}
_EITHER = {"refund_overcharge": "credit_overcharge"}
"""Two ways to have what is theirs: the second stands beside the first, as large as it."""
_AWAY = "stripe_unreachable"
_REDIRECTS = {"update_card", "confirm_payment", "regenerate_link"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One finding beside the main one."""

    state: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class PlanLink:
    """Where a plan can be changed, kept, or started again."""

    id: str
    fix: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterPage:
    """Everything the template needs, in words."""

    name: str
    today: str
    status: str
    empty: bool
    lights: tuple[Check, ...]
    lights_told: str
    first: Finding
    main: FixOffer | None
    either: FixOffer | None
    main_hint: str
    others: tuple[FixOffer, ...]
    rows: list[Row]
    steps: list[Step]
    settled: Settled | None
    bills: list[Bill]
    facts: list[Fact]
    stale: str
    checked: str
    promise: str
    plans: list[PlanLink]


def meter_page(
    *,
    customer: Customer,
    facts: Facts,
    diagnosis: Diagnosis,
    raw: Mapping[str, Mapping[str, Any]],
    wrote: Sequence[Wrote],
    promised_at: datetime,
    plan: Plan | None,
    settled: Settled | None,
    asked_for: AbstractSet[Aim],
    saying: Saying,
) -> MeterPage:
    """`asked_for` is not offered again: it was asked for, and has not been decided or done."""
    matters = diagnosis.first.invoice if diagnosis.problems else None
    acts = _acts(diagnosis, asked_for)
    main = next((offer for offer in acts if offer.main), None)
    either = next((one for one in acts if main and _is_either(main, one)), None)
    return MeterPage(
        name=customer.name,
        today=saying.day(facts.now),
        status=diagnosis.status,
        empty=not facts.invoices and not facts.subscriptions and diagnosis.status == "green",
        lights=diagnosis.meter,
        lights_told=_told(diagnosis.meter, saying),
        first=_first(diagnosis.first, asked_for, saying),
        main=main,
        either=either,
        main_hint=_hint(main, saying),
        others=tuple(one for one in acts if one not in {main, either} and one.name not in _BESIDE),
        rows=[_row(finding, asked_for, saying) for finding in _beside(diagnosis)],
        steps=story(
            facts,
            latest(facts.invoices, matters),
            wrote,
            saying,
            fine=not diagnosis.problems,
            planned=planned_steps(plan, saying),
        ),
        settled=settled,
        bills=_once(bills(facts, raw, saying, matters=matters), asked_for),
        facts=account(facts, customer, saying),
        stale=_stale(diagnosis, saying),
        checked=_checked(diagnosis, saying),
        promise=saying.until(promised_at),
        plans=[link for plan in facts.subscriptions for link in _plan_links(plan, saying)],
    )


def _plan_links(plan: Subscription, saying: Saying) -> Iterator[PlanLink]:
    how = how_to_go_on(plan)
    if how is not None:
        yield PlanLink(plan.id, "resume_subscription", resume_label(how, saying))
    elif plan.status in {"active", "trialing"}:
        yield PlanLink(plan.id, "change_plan", saying.say("page.choose.plan.label"))


def _beside(diagnosis: Diagnosis) -> Iterator[Finding]:
    """What the note at the top says is not said again."""
    return (one for one in diagnosis.findings[1:] if one.root_cause != _AWAY)


def _row(finding: Finding, asked_for: AbstractSet[Aim], saying: Saying) -> Row:
    told = finding.explanation
    if _is_asked_for(finding, asked_for):
        todo = saying.say("page.begun.todo")
        told = " ".join(part for part in (finding.happened, finding.means, todo) if part)
    return Row(state=_SHAPE[finding.status], title=finding.title, text=told)


def _first(finding: Finding, asked_for: AbstractSet[Aim], saying: Saying) -> Finding:
    """Nobody is told to do what they have done."""
    if not any(offer.main and _aim(offer) in asked_for for offer in finding.offers):
        return finding
    return replace(finding, todo=saying.say("page.begun.todo"))


def _is_asked_for(finding: Finding, asked_for: AbstractSet[Aim]) -> bool:
    return any(_aim(offer) in asked_for for offer in finding.offers)


def _aim(offer: FixOffer) -> Aim:
    return offer.name, offer.target or ""


def _acts(diagnosis: Diagnosis, asked_for: AbstractSet[Aim]) -> list[FixOffer]:
    offered = (one for one in diagnosis.offers if one.name != "talk_to_human")
    return [one for one in offered if _aim(one) not in asked_for]


def _is_either(main: FixOffer, offer: FixOffer) -> bool:
    return offer.name == _EITHER.get(main.name) and offer.target == main.target


def _once(told: Sequence[Bill], asked_for: AbstractSet[Aim]) -> list[Bill]:
    """Take away the way to ask for money that was asked for."""
    taken = {target for fix, target in asked_for if fix in _MONEY}
    return [replace(one, charge="") if one.charge in taken else one for one in told]


def _told(lights: Sequence[Check], saying: Saying) -> str:
    """The meter in one sentence, for who hears it."""
    bad = sum(light.state == "bad" for light in lights)
    warn = sum(light.state == "warn" for light in lights)
    fine = sum(light.state == "ok" for light in lights)
    return saying.say("page.meter.told", bad=bad, warn=warn, fine=fine)


def _hint(main: FixOffer | None, saying: Saying) -> str:
    if main is None:
        return ""
    kind = "leads_away" if main.name in _REDIRECTS else "at_once"
    return saying.say(f"page.meter.{kind}")


def _stale(diagnosis: Diagnosis, saying: Saying) -> str:
    """Said above a trouble when Stripe did not answer; where there is none, it is the answer."""
    away = any(source.state == "unreachable" for source in diagnosis.sources)
    if not away or diagnosis.root_cause == _AWAY:
        return ""
    if diagnosis.as_of is None:
        return saying.say("page.meter.stale_never")
    return saying.say("page.meter.stale", at=saying.day_and_time(diagnosis.as_of))


def _checked(diagnosis: Diagnosis, saying: Saying) -> str:
    zone = saying.zone()
    if not diagnosis.sources:
        return saying.say("page.meter.no_source", zone=zone)
    if diagnosis.as_of is None:
        return saying.say("page.meter.not_checked", zone=zone)
    minutes = int((saying.now - diagnosis.as_of).total_seconds() // 60)
    if minutes < 1:
        return saying.say("page.meter.checked_now", zone=zone)
    if minutes < AN_HOUR:
        return saying.say("page.meter.checked_minutes", minutes=minutes, zone=zone)
    return saying.say("page.meter.checked", at=saying.day_and_time(diagnosis.as_of), zone=zone)
