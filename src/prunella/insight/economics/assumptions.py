"""What is assumed about costs: content/economics.toml, validated."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from prunella.cases import TIERS, Tier
from prunella.kit.money import Money, MoneyError
from prunella.settings import Content, ContentError, Problem

FILE = "economics.toml"
MAX_CONTACTS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Scenario:
    """A plan: `contacts` a month, the share that each tier settles, and the cost of one there."""

    name: str
    title: str
    contacts: int
    share: Mapping[Tier, Decimal]
    costs: Mapping[Tier, Money]


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a contact costs at each tier, and the plans to compare with."""

    currency: str
    costs: Mapping[Tier, Money]
    scenarios: tuple[Scenario, ...]


def read(content: Content) -> Assumptions:
    """Read the assumptions. Raises `ContentError` with everything that is wrong, in words."""
    problems = check(content)
    if problems:
        raise ContentError("\n".join(problems))
    fields = content.toml(FILE)
    currency = fields["currency"]
    return Assumptions(
        currency=currency,
        costs=_costs(fields["costs"], currency),
        scenarios=tuple(
            _scenario(name, plan, currency) for name, plan in fields.get("scenarios", {}).items()
        ),
    )


def check(content: Content) -> list[str]:
    """Return what is wrong with economics.toml: file, line and remedy, a line each."""
    return content.checked(FILE, _problems)


def _problems(fields: dict[str, Any]) -> Iterator[Problem]:
    currency = fields.get("currency")
    if not isinstance(currency, str) or not _is_amount("0", currency):
        yield "", "currency", 'currency must be three letters, like "usd"'
        return
    yield from _cost_problems(fields, "costs", currency)
    scenarios = fields.get("scenarios", {})
    if not isinstance(scenarios, dict):
        yield "", "scenarios", "scenarios must be tables, like [scenarios.next_year]"
        return
    for name, plan in scenarios.items():
        yield from _scenario_problems(plan, f"scenarios.{name}", currency)


def _scenario_problems(plan: Any, here: str, currency: str) -> Iterator[Problem]:
    if not isinstance(plan, dict):
        yield "scenarios", here, f"{here} must be a table: write [{here}]"
        return
    if not isinstance(plan.get("title"), str):
        yield here, "title", f'{here} needs a title, like title = "Next year"'
    contacts = plan.get("contacts")
    if not isinstance(contacts, int) or not 0 < contacts <= MAX_CONTACTS:
        yield here, "contacts", f"{here} needs contacts, a whole number above 0"
    yield from _cost_problems(plan, f"{here}.costs", currency)
    yield from _share_problems(plan, f"{here}.share")


def _cost_problems(fields: dict[str, Any], table: str, currency: str) -> Iterator[Problem]:
    costs = fields.get("costs")
    if not isinstance(costs, dict) or set(costs) != set(TIERS):
        yield table, "", f"[{table}] must have exactly these lines: {', '.join(TIERS)}"
        return
    for tier, text in costs.items():
        if not _is_amount(text, currency):
            yield table, tier, f'{table}.{tier} must be an amount in quotes, like "0.10"'


def _share_problems(plan: dict[str, Any], table: str) -> Iterator[Problem]:
    share = plan.get("share")
    if not isinstance(share, dict) or set(share) != set(TIERS):
        yield table, "", f"[{table}] must have exactly these lines: {', '.join(TIERS)}"
    elif not all(_is_share(text) for text in share.values()):
        yield table, "", f'{table} must hold shares in quotes, like "0.30"'
    elif sum(Decimal(text) for text in share.values()) != 1:
        yield table, "", f"{table} must add up to 1: correct one of its lines"


def _is_amount(text: Any, currency: Any) -> bool:
    if not isinstance(text, str) or not isinstance(currency, str):
        return False
    try:
        return Money.from_major(text, currency).amount >= 0
    except MoneyError:
        return False


def _is_share(text: Any) -> bool:
    try:
        return isinstance(text, str) and 0 <= Decimal(text) <= 1
    except InvalidOperation:
        return False


def _costs(texts: Mapping[Tier, str], currency: str) -> dict[Tier, Money]:
    return {tier: Money.from_major(texts[tier], currency) for tier in TIERS}


def _scenario(name: str, plan: dict[str, Any], currency: str) -> Scenario:
    return Scenario(
        name=name,
        title=plan["title"],
        contacts=plan["contacts"],
        share={tier: Decimal(plan["share"][tier]) for tier in TIERS},
        costs=_costs(plan["costs"], currency),
    )
