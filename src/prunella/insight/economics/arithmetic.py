"""The arithmetic of the scoreboard. Pure: figures in, figures out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from prunella.cases import TIERS, Tier
from prunella.insight.economics.assumptions import Assumptions, Scenario
from prunella.kit.money import Money


@dataclass(frozen=True, slots=True)
class TierCounts:
    """What was counted at one tier: `cost` in minor units, as each contact was charged."""

    arrived: int = 0
    confirmed: int = 0
    assumed: int = 0
    cost: int = 0


@dataclass(frozen=True, slots=True)
class TierFigures:
    """One line of the funnel. `settled` is confirmed and assumed together; `share` is of all."""

    tier: Tier
    arrived: int
    settled: int
    confirmed: int
    assumed: int
    share: Decimal
    cost: Money


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """Contacts that ended from `since` to before `until`, and what they cost.

    `open` contacts have not ended yet; `recovered` are invoices that were paid after a failure;
    `all_human` is what the same contacts would have cost with people alone.
    """

    since: datetime
    until: datetime
    contacts: int
    open: int
    recovered: int
    tiers: tuple[TierFigures, ...]
    cost: Money
    cost_per_contact: Money | None
    all_human: Money
    assumed_costs: Mapping[Tier, Money]

    @property
    def confirmed(self) -> int:
        return sum(tier.confirmed for tier in self.tiers)

    @property
    def assumed(self) -> int:
        return sum(tier.assumed for tier in self.tiers)

    @property
    def without_person(self) -> int:
        return sum(tier.settled for tier in self.tiers if tier.tier != "human")

    @property
    def saved(self) -> Money:
        return self.all_human - self.cost

    @property
    def saved_share(self) -> Decimal:
        """The part of the all-human cost that was not spent, from 0 to 1; below 0 when dearer."""
        return share_of(self.saved.amount, self.all_human.amount)


def tally(
    counts: Mapping[Tier, TierCounts],
    *,
    since: datetime,
    until: datetime,
    open_contacts: int,
    recovered: int,
    assumptions: Assumptions,
) -> Scoreboard:
    """Add the counts up."""
    at = {tier: counts.get(tier, TierCounts()) for tier in TIERS}
    contacts = sum(tier.confirmed + tier.assumed for tier in at.values())
    cost = Money(sum(tier.cost for tier in at.values()), assumptions.currency)
    human = assumptions.costs["human"]
    return Scoreboard(
        since=since,
        until=until,
        contacts=contacts,
        open=open_contacts,
        recovered=recovered,
        tiers=tuple(_figures(tier, at[tier], contacts, assumptions.currency) for tier in TIERS),
        cost=cost,
        cost_per_contact=Money(_each(cost.amount, contacts), cost.currency) if contacts else None,
        all_human=Money(contacts * human.amount, human.currency),
        assumed_costs=assumptions.costs,
    )


def project(scenario: Scenario) -> tuple[tuple[Tier, Decimal, Money], ...]:
    """Return contacts and cost a month of each tier under a scenario."""
    lines = []
    for tier in TIERS:
        contacts = scenario.contacts * scenario.share[tier]
        unit = scenario.costs[tier]
        lines.append((tier, contacts, Money(_whole(contacts * unit.amount), unit.currency)))
    return tuple(lines)


def together(amounts: Iterable[Money], currency: str) -> Money:
    return sum(amounts, start=Money(0, currency))


def share_of(part: int, whole: int) -> Decimal:
    return Decimal(part) / whole if whole else Decimal(0)


def _figures(tier: Tier, counts: TierCounts, contacts: int, currency: str) -> TierFigures:
    settled = counts.confirmed + counts.assumed
    return TierFigures(
        tier=tier,
        arrived=counts.arrived,
        settled=settled,
        confirmed=counts.confirmed,
        assumed=counts.assumed,
        share=share_of(settled, contacts),
        cost=Money(counts.cost, currency),
    )


def _each(amount: int, count: int) -> int:
    return _whole(Decimal(amount) / count)


def _whole(amount: Decimal) -> int:
    """Half up, as every charge is rounded."""
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))
