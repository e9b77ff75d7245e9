"""What recovery plans bring in, counted against the customers who were held out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from prunella.insight.economics import store_recovery as store
from prunella.insight.economics.arithmetic import share_of
from prunella.kit.house import Tx
from prunella.kit.money import Money

ENOUGH = 30
"""Below so many decided invoices on either side, a difference is most likely chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """Failed invoices of one side. `running` ones are not decided yet and count in no rate."""

    failed: int = 0
    running: int = 0
    paid: int = 0
    amount: int = 0
    amount_running: int = 0
    amount_paid: int = 0

    @property
    def decided(self) -> int:
        return self.failed - self.running

    @property
    def rate(self) -> Decimal:
        """The share of the decided invoices that was paid, whoever did what."""
        return share_of(self.paid, self.decided)

    @property
    def amount_rate(self) -> Decimal:
        return share_of(self.amount_paid, self.amount - self.amount_running)


@dataclass(frozen=True, slots=True)
class Recovered:
    """Both sides in one currency, for the invoices that failed from `since` to before `until`."""

    currency: str
    since: datetime
    until: datetime
    treated: Arm
    held_out: Arm

    @property
    def comparable(self) -> bool:
        """Whether there is enough on both sides to speak of a difference."""
        return min(self.treated.decided, self.held_out.decided) >= ENOUGH

    @property
    def gain(self) -> Decimal:
        """How much larger the treated share is; below 0 when plans did harm."""
        return self.treated.rate - self.held_out.rate

    @property
    def because_of_plans(self) -> Money | None:
        """What came in beyond what Stripe's own tries would have brought; None: too few to say."""
        if not self.comparable:
            return None
        decided = self.treated.amount - self.treated.amount_running
        by_itself = int(decided * self.held_out.amount_rate)
        return Money(self.treated.amount_paid - by_itself, self.currency)


async def recovered(tx: Tx, *, since: datetime, until: datetime) -> list[Recovered]:
    """Count the failed invoices of a span of time, a line for each currency."""
    rows = await store.arms(tx, since=since, until=until)
    return compare(rows, since=since, until=until)


def compare(rows: Iterable[store.Row], *, since: datetime, until: datetime) -> list[Recovered]:
    """Put the two sides of each currency together. Pure."""
    arms: dict[str, dict[bool, Arm]] = {}
    for row in rows:
        counts = {name: value for name, value in row.items() if name in Arm.__slots__}
        arms.setdefault(row["currency"], {})[row["held_out"]] = Arm(**counts)
    return [
        Recovered(currency, since, until, sides.get(False, Arm()), sides.get(True, Arm()))
        for currency, sides in sorted(arms.items())
    ]
