"""What a page says before a fix begins: days, costs, and what to type. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN
from typing import Any

from prunella.diagnostics import Facts
from prunella.diagnostics.facts import Invoice, Subscription
from prunella.kit.money import Money, decimals_of
from prunella.people.plans import PlanPrice
from prunella.web.views.saying import Saying

YEAR = 12
NAMED = frozenset({"free", "starter", "professional", "enterprise"})
_INTERVALS = frozenset({"day", "week", "month", "year"})


@dataclass(frozen=True, slots=True)
class Day:
    """One day to choose; `date` is what the form sends."""

    date: str
    words: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Another price, with what is said of it."""

    price: str
    words: str
    cheaper: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A try that waits for its day."""

    run: str
    title: str


def planned(run: str, due_at: datetime, saying: Saying) -> Planned:
    day, time = saying.day(due_at), saying.time(due_at)
    return Planned(run, saying.say("page.choose.day.planned", day=day, time=time))


def days(offered: Sequence[datetime], saying: Saying) -> list[Day]:
    return [
        Day(
            day.date().isoformat(),
            saying.say("page.choose.day.button", day=saying.day(day), time=saying.time(day)),
        )
        for day in offered
    ]


def interval(name: str | None, saying: Saying) -> str:
    return saying.say(f"page.choose.interval.{name if name in _INTERVALS else 'other'}")


def plan_name(plan: str | None, saying: Saying) -> str:
    return saying.say(f"page.account.{plan}") if plan in NAMED else saying.say("page.account.plan")


def each(price: PlanPrice, saying: Saying, key: str = "each") -> str:
    return saying.say(
        f"page.choose.plan.{key}",
        plan=plan_name(price.plan, saying),
        amount=price.amount,
        interval=interval(price.interval, saying),
    )


def offers(
    plan: Subscription,
    prices: Sequence[PlanPrice],
    facts: Facts,
    saying: Saying,
    *,
    included: Mapping[str, frozenset[str]],
) -> list[Offer]:
    """The other prices in the same currency, each with what it would have saved of late.

    `included` says which plans each plan holds everything of.
    """
    here = next((one for one in prices if one.price == plan.price), None)
    currency = plan.amount.currency if plan.amount else None
    others = [p for p in prices if p.price != plan.price and p.amount.currency == currency]
    return [
        Offer(p.price, each(p, saying, "row"), _cheaper(here, p, plan, facts, saying, included))
        for p in others
    ]


def _cheaper(  # noqa: PLR0917 what was paid, what else there was, and the words for it
    here: PlanPrice | None,
    other: PlanPrice,
    plan: Subscription,
    facts: Facts,
    saying: Saying,
    included: Mapping[str, frozenset[str]],
) -> str:
    """Said where it is true; of a plan that may not be enough, this is said with it."""
    saved = saved_with(here, other, plan, facts)
    if here is None or saved is None:
        return ""
    enough = here.plan in included.get(other.plan, {other.plan})
    key = "page.choose.plan.cheaper" if enough else "page.choose.plan.cheaper_smaller"
    months = len(_bills_paid(plan, facts)) * here.months
    return saying.say(key, months=months, amount=saved)


def saved_with(
    here: PlanPrice | None, other: PlanPrice, plan: Subscription, facts: Facts
) -> Money | None:
    """What the same number of units for the same months would have cost less, if anything."""
    units = _units(here, plan)
    if here is None or units is None:
        return None
    a_month = here.amount.major / here.months - other.amount.major / other.months
    saved = a_month * units * here.months * len(_bills_paid(plan, facts))
    minor = saved.scaleb(decimals_of(here.amount.currency)).to_integral_value(ROUND_DOWN)
    return Money(int(minor), here.amount.currency) if minor > 0 else None


def _units(here: PlanPrice | None, plan: Subscription) -> int | None:
    """How many of its price the plan costs; None where something else is in it as well."""
    if here is None or plan.amount is None or not here.amount.amount:
        return None
    units, rest = divmod(plan.amount.amount, here.amount.amount)
    return units if units and not rest else None


def _bills_paid(plan: Subscription, facts: Facts) -> list[Invoice]:
    """The bills of the last year that were the plan's own price."""
    return [
        one
        for one in facts.invoices
        if one.subscription == plan.id
        and one.status == "paid"
        and one.total == plan.amount
        and one.paid_at is not None
        and (facts.now - one.paid_at).days <= YEAR * 31
    ][-YEAR:]


def how_to_go_on(plan: Subscription) -> str | None:
    """Return the way in which a plan that stopped, or is to stop, can go on."""
    if plan.status == "paused":
        return "resume"
    if plan.running and plan.ending:
        return "keep" if plan.cancel_at_period_end else "stay"
    return "collect" if plan.running and plan.collection_paused else None


def resume_label(how: str, saying: Saying) -> str:
    return saying.say(f"page.choose.resume.title_{'keep' if how == 'stay' else how}")


def resumed(plan: Subscription, facts: Facts, how: str, saying: Saying) -> dict[str, str]:
    """What it costs, and when."""
    key = "keep" if how == "stay" else how
    until = plan.ends_at if key == "keep" else plan.next_payment_at
    day = saying.day(until) if until else ""
    said = {
        name: saying.say(f"page.choose.resume.{name}_{key}", day=day)
        for name in ("title", "happened", "button")
    }
    means = saying.say(f"page.choose.resume.means_{key}_plain")
    if plan.amount and key != "resume" and until:
        means = saying.say("page.choose.resume.means_on", amount=plan.amount, day=day)
    if plan.amount and key == "resume":
        means = _charged_now(plan, facts, saying) or means
    return {**said, "means": means, "todo": saying.say("page.choose.resume.todo")}


def _charged_now(plan: Subscription, facts: Facts, saying: Saying) -> str:
    charged = facts.charged_for_plan(plan)
    method = facts.method(charged.id) if charged else None
    if plan.amount is None or method is None or not method.last4:
        return ""
    return saying.say(
        "page.choose.resume.means_resume",
        amount=plan.amount,
        card=saying.say("phrase.card", last4=method.last4),
        interval=interval(plan.interval, saying),
    )


def today(preview: Mapping[str, Any]) -> tuple[Money, Money | None]:
    """What is charged at once, and what is kept for later bills."""
    due = Money(preview["amount_due"], preview["currency"])
    total = preview.get("total") or 0
    return due, Money(-total, preview["currency"]) if total < 0 else None
