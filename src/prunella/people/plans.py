"""Which of Stripe's prices are which plan: content/plans.toml, validated."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from prunella import mirror
from prunella.kit.house import Tx
from prunella.kit.money import Money, MoneyError
from prunella.people import store_plans
from prunella.people.customer import Plan
from prunella.settings import Content, ContentError

FILE = "plans.toml"
MONTHS = {"month": 1, "year": 12}
_ORDER: tuple[str, ...] = get_args(Plan)
_PLANS = frozenset(_ORDER)
_OF_A_PLAN = frozenset({"asks", "includes", "refs"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPrice:
    """A price that a customer may choose. `amount` is for every `interval_count` `interval`s."""

    price: str
    plan: str
    amount: Money
    interval: str
    interval_count: int = 1

    @property
    def months(self) -> int:
        return MONTHS[self.interval] * self.interval_count


def check(content: Content) -> list[str]:
    """Return what is wrong with plans.toml: file, line and remedy, a line each."""
    try:
        fields = content.toml(FILE)
    except ContentError as error:
        return [str(error)]
    return [
        f"{content.folder / FILE}:{content.line_of(FILE, word)}: {words}"
        for word, words in _problems(fields)
    ]


def _problems(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    plans = fields.get("plans")
    if not isinstance(plans, dict):
        yield "", "there are no plans: add a table like [plans.starter]"
        return
    seen: dict[str, str] = {}
    for name, plan in plans.items():
        if name not in _PLANS:
            yield f"plans.{name}", f"{name} is no plan: use one of {', '.join(sorted(_PLANS))}"
        refs = plan.get("refs") if isinstance(plan, dict) else None
        if not isinstance(refs, list) or not all(isinstance(ref, str) and ref for ref in refs):
            yield f"plans.{name}", 'refs must be texts, like refs = ["starter_usd"]'
            continue
        for odd in sorted(plan.keys() - _OF_A_PLAN):
            yield odd, f"{odd} means nothing here: use asks, includes or refs"
        if not isinstance(plan.get("asks", False), bool):
            yield f"plans.{name}", "asks is true or false"
        yield from _included_problems(name, plan.get("includes", []), plans)
        for ref in refs:
            if seen.setdefault(ref, name) != name:
                yield ref, f"{ref} stands under {seen[ref]} as well: keep one of them"


def _included_problems(
    name: str, includes: Any, plans: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    if not isinstance(includes, list) or not all(isinstance(one, str) for one in includes):
        yield f"plans.{name}", 'includes must be names of plans, like includes = ["starter"]'
        return
    for other in includes:
        if other == name or other not in plans:
            yield f"plans.{name}", f"includes names {other}: use another plan of this file"
        elif name in (plans[other].get("includes") or []):
            yield f"plans.{name}", f"{name} and {other} include each other: keep one of the two"


def included(content: Content) -> dict[str, frozenset[str]]:
    """Return which plans each plan holds everything of, itself among them."""
    plans: Mapping[str, Any] = content.toml(FILE)["plans"]
    return {name: frozenset({name, *plan.get("includes", ())}) for name, plan in plans.items()}


async def set_plans(tx: Tx, content: Content) -> None:
    """Keep what plans.toml says. Raises `ContentError` with everything that is wrong, in words."""
    problems = check(content)
    if problems:
        raise ContentError("\n".join(problems))
    plans: Mapping[str, Any] = content.toml(FILE)["plans"]
    rows = [
        (ref, name, bool(plan.get("asks"))) for name, plan in plans.items() for ref in plan["refs"]
    ]
    await store_plans.put_all(tx, rows)


async def plan_prices(tx: Tx) -> list[PlanPrice]:
    """Return the prices that may be chosen without asking anybody, the cheapest month first."""
    refs = {row["ref"]: row for row in await store_plans.every(tx)}
    known = [_price(raw, refs) for raw in await mirror.prices(tx)]
    found = [one for one in known if one is not None]
    return sorted(found, key=lambda one: (one.amount.major / one.months, one.price))


async def by_name(tx: Tx) -> dict[str, str]:
    """Return plans by all that they are called: refs of plans.toml, and their own names."""
    return {name: name for name in _PLANS} | {
        row["ref"]: row["plan"] for row in await store_plans.every(tx)
    }


def level_of(plan: str) -> int:
    """0 for the free plan, more for each larger one. Pure."""
    return _ORDER.index(plan)


def _price(raw: Mapping[str, Any], refs: Mapping[str, Mapping[str, Any]]) -> PlanPrice | None:
    names = (raw["id"], raw.get("lookup_key"), raw.get("product"))
    row = next((refs[name] for name in names if name and name in refs), None)
    recurring = raw.get("recurring") or {}
    amount = raw.get("unit_amount")
    if row is None or row["asks"] or not raw.get("active") or not isinstance(amount, int):
        return None
    plain = raw.get("billing_scheme") == "per_unit" and recurring.get("usage_type") == "licensed"
    if not plain or recurring.get("interval") not in MONTHS:
        return None
    try:
        money = Money(amount, raw["currency"])
    except MoneyError:
        return None
    return PlanPrice(
        price=raw["id"],
        plan=row["plan"],
        amount=money,
        interval=recurring["interval"],
        interval_count=recurring.get("interval_count") or 1,
    )
