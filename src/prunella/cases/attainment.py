"""How many answers came in time, against what sla.toml asks of us; and what is answered together.

Judged by the contract, not by the target that we run at: the target is ours, the contract theirs.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from prunella.cases import store_clocks as store
from prunella.cases.sla_rules import sla_rules
from prunella.kit.house import Tx

MAX_IN_BATCHES = 1_000


@dataclass(frozen=True, slots=True)
class Attainment:
    """Of a plan's cases, how many were answered as promised; `aim` of a hundred should be.

    `share`, from 0 to 1, is None where nothing is decided yet, `aim` where nobody counts.
    """

    plan: str
    kept: int
    missed: int
    aim: int | None

    @property
    def share(self) -> float | None:
        total = self.kept + self.missed
        return self.kept / total if total else None

    @property
    def reached(self) -> bool | None:
        if self.share is None or self.aim is None:
            return None
        return 100 * self.kept >= self.aim * (self.kept + self.missed)


@dataclass(frozen=True, slots=True)
class Batch:
    """Cases that are answered together at `at`."""

    at: datetime
    cases: tuple[str, ...]


async def attainment(tx: Tx, *, since: datetime) -> list[Attainment]:
    """Return how it stands for each plan, over the cases opened since then. Spam is none."""
    rules = await sla_rules(tx)
    rows = await store.attainment(tx, since, rules.unknown_plan)
    known = {row["plan"]: row for row in rows}
    return [
        Attainment(
            plan=plan,
            kept=known[plan]["kept"] if plan in known else 0,
            missed=known[plan]["missed"] if plan in known else 0,
            aim=terms.met,
        )
        for plan, terms in rules.plans.items()
    ]


async def batches(tx: Tx) -> list[Batch]:
    """Return what waits to be answered together, the oldest batch first."""
    rows = await store.in_batches(tx, MAX_IN_BATCHES)
    return [
        Batch(at, tuple(row["case_id"] for row in found))
        for at, found in groupby(rows, key=lambda row: row["batch_at"])
    ]
