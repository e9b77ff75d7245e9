"""SQL of operations: counts over the queues of all rooms, and what stopped in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from prunella import mirror
from prunella.actions import brake
from prunella.kit import stopped
from prunella.kit.clock import system_now
from prunella.kit.house import Tx

MOST = 50
ALIVE = timedelta(seconds=30)
"""A worker says each second that it lives; a busy machine makes it late."""

_APPLIED = "select name from schema_migrations"
_JOBS = "select status::text as name, count(*) as count from procrastinate_jobs group by status"
_DELIVERIES = """
select case when dead then 'dead' else 'waiting' end as name, count(*) as count
from deliveries group by dead
"""
_TIMERS = """
select case when dead then 'dead' else 'armed' end as name, count(*) as count
from timers group by dead
"""
_ACTIONS = "select state as name, count(*) as count from actions group by state"
_OUTBOX = "select state as name, count(*) as count from outbox group by state"

_WORKERS = "select id from procrastinate_workers where last_heartbeat > %s"

_FAILED_MAIL = """
select o.message, o.recipient, o.attempts, o.error, o.state_changed_at as at, m.subject
from outbox o join messages m on m.id = o.message where o.state = 'failed'
order by o.state_changed_at desc limit %s
"""

Counts = Mapping[str, int]
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How much there is of everything that waits."""

    intake: mirror.Status
    jobs: Counts
    deliveries: Counts
    timers: Counts
    actions: Counts
    outbox: Counts
    mended: Counts
    automatic_stopped: bool
    workers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """What nobody tries any more until a person has looked."""

    asides: list[mirror.Aside]
    deliveries: Rows
    timers: Rows
    jobs: Rows
    mail: Rows

    @property
    def nothing(self) -> bool:
        return not any((self.asides, self.deliveries, self.timers, self.jobs, self.mail))


async def applied(tx: Tx) -> set[str]:
    return {row["name"] for row in await tx.all(_APPLIED)}


async def figures(tx: Tx) -> Figures:
    return Figures(
        intake=await mirror.status(tx),
        jobs=_counts(await tx.all(_JOBS)),
        deliveries=_counts(await tx.all(_DELIVERIES)),
        timers=_counts(await tx.all(_TIMERS)),
        actions=_counts(await tx.all(_ACTIONS)),
        outbox=_counts(await tx.all(_OUTBOX)),
        mended=_mended(await mirror.last_sweeps(tx)),
        automatic_stopped=(await brake.standing(tx)).brake is not None,
        workers=len(await tx.all(_WORKERS, (system_now() - ALIVE,))),
    )


async def stuck(tx: Tx) -> Stuck:
    return Stuck(
        asides=await mirror.aside(tx, MOST),
        deliveries=await stopped.deliveries(tx, MOST),
        timers=await stopped.timers(tx, MOST),
        jobs=await stopped.jobs(tx, MOST),
        mail=await tx.all(_FAILED_MAIL, (MOST,)),
    )


def _counts(rows: Rows) -> Counts:
    return {row["name"]: row["count"] for row in rows}


def _mended(sweeps: list[mirror.Swept]) -> Counts:
    """Of each kind: of what is new and of the whole list together."""
    counts: dict[str, int] = {}
    for one in sweeps:
        counts[one.kind] = counts.get(one.kind, 0) + one.mended
    return counts
