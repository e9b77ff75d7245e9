"""The scoreboard of a span of time, and the contacts behind each of its figures."""

from dataclasses import dataclass
from datetime import datetime

from prunella.cases import Tier
from prunella.insight.economics import store
from prunella.insight.economics.arithmetic import Scoreboard, TierCounts, tally
from prunella.insight.economics.assumptions import Assumptions
from prunella.insight.economics.figure import Figure, check_figure
from prunella.kit.house import Tx
from prunella.kit.money import Money

MAX_PAGE = 100


@dataclass(frozen=True, slots=True)
class Behind:
    """One contact that a figure counts; `tier`, `cost` and `at` are None while it is open."""

    contact: str
    customer: str
    channel: str
    direction: str
    subject: str
    tiers: tuple[Tier, ...]
    tier: Tier | None
    confirmed: bool | None
    cost: Money | None
    created_at: datetime
    at: datetime | None
    case: str | None


@dataclass(frozen=True, slots=True)
class BehindPage:
    data: list[Behind]
    next_cursor: str | None


async def scoreboard(
    tx: Tx, *, since: datetime, until: datetime, assumptions: Assumptions
) -> Scoreboard:
    """Count the contacts that ended from `since` to before `until`.

    Costs are what each contact was charged when it ended, not what is assumed today.
    """
    window = {"since": since, "until": until, "currency": assumptions.currency}
    rows = await store.tiers(tx, window)
    return tally(
        {row.pop("tier"): TierCounts(**row) for row in rows},
        since=since,
        until=until,
        open_contacts=await store.open_contacts(tx, until),
        recovered=await store.recovered(tx, window),
        assumptions=assumptions,
    )


async def contacts_behind(
    tx: Tx,
    figure: Figure,
    *,
    since: datetime,
    until: datetime,
    currency: str,
    tier: Tier | None = None,
    after: str | None = None,
    limit: int = 50,
) -> BehindPage:
    """Return the contacts that a figure counts, newest first, from the cursor `after` on."""
    check_figure(figure, tier)
    limit = min(limit, MAX_PAGE)
    rows = await store.behind(
        tx,
        {
            "figure": figure,
            "tier": tier,
            "since": since,
            "until": until,
            "currency": currency,
            "after": after,
            "limit": limit + 1,
        },
    )
    found = [_behind(row) for row in rows]
    return BehindPage(found[:limit], found[limit - 1].contact if len(found) > limit else None)


def _behind(row: store.Row) -> Behind:
    cost = None if row["cost"] is None else Money(row["cost"], row["currency"])
    return Behind(
        contact=row["id"],
        customer=row["customer"],
        channel=row["channel"],
        direction=row["direction"],
        subject=row["subject"],
        tiers=tuple(row["tiers"]),
        tier=row["tier"],
        confirmed=row["confirmed"],
        cost=cost,
        created_at=row["created_at"],
        at=row["at"],
        case=row["case_id"],
    )
