"""Rows of the brake, and of the days on which the automatic money was used up."""

from dataclasses import asdict
from datetime import datetime

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from prunella.kit.actor import Actor
from prunella.kit.house import Tx

# Whoever lets something automatic go shares the lock; who stops waits for them, then is alone.
_SHARE = "select pg_advisory_xact_lock_shared(hashtextextended('actions.brake', 0))"
# Whoever gives money by themselves takes turns, so that the day's sum stays true until the commit.
_SHARE_IN_TURN = """
select pg_advisory_xact_lock(hashtextextended('actions.automatic_money', 0)),
  pg_advisory_xact_lock_shared(hashtextextended('actions.brake', 0))
"""
_ALONE = "select pg_advisory_xact_lock(hashtextextended('actions.brake', 0))"
_PULLED = "select * from brakes where lifted_at is null"
_STOP = "insert into brakes (id, stopped_at, stopped_by, because) values (%s, %s, %s, %s)"
_LIFT = """
update brakes set lifted_at = %s, lifted_by = %s, lifted_because = %s where lifted_at is null
"""
_APPROVED = """
select id from actions where state = 'approved' order by id limit %s for update skip locked
"""
_WAITING = "select count(*) as n from approvals where outcome is null"
_BY_PERSON = "select 1 from approvals where action = %s and outcome = 'approved'"
_ALARM = "insert into automatic_alarms (at, action) values (%s, %s) on conflict do nothing"
_ALARMED = "select max(at) as at from automatic_alarms where at > %s and lifted_at is null"
_WENT_ON = "select max(lifted_at) as at from automatic_alarms"
_GO_ON = """
update automatic_alarms set lifted_at = %(now)s, lifted_by = %(by)s, lifted_because = %(because)s
where at = %(alarmed)s returning action
"""


async def share(tx: Tx, *, in_turn: bool = False) -> None:
    """Keep the brake as it is until the commit; `in_turn`: and the day's automatic money."""
    await tx.send(_SHARE_IN_TURN if in_turn else _SHARE)


async def be_alone(tx: Tx) -> None:
    await tx.execute(_ALONE)


async def pulled(tx: Tx) -> DictRow | None:
    return await tx.one(_PULLED)


async def stop(tx: Tx, *, brake: str, because: str) -> None:
    await tx.execute(_STOP, (brake, tx.now, _json(tx.actor), because))


async def lift(tx: Tx, *, because: str) -> None:
    await tx.execute(_LIFT, (tx.now, _json(tx.actor), because))


async def approved(tx: Tx, limit: int) -> list[str]:
    """Lock and return what is allowed and not yet being sent; what a worker holds is left out."""
    return [row["id"] for row in await tx.all(_APPROVED, (limit,))]


async def waiting(tx: Tx) -> int:
    row = await tx.one(_WAITING)
    return int(row["n"]) if row else 0


async def approved_by_person(tx: Tx, action: str) -> bool:
    return await tx.one(_BY_PERSON, (action,)) is not None


async def add_alarm(tx: Tx, action: str) -> bool:
    return await tx.execute(_ALARM, (tx.now, action)) == 1


async def alarmed_since(tx: Tx, since: datetime) -> datetime | None:
    row = await tx.one(_ALARMED, (since,))
    return row["at"] if row else None


async def went_on_at(tx: Tx) -> datetime | None:
    """Return when somebody last let a day go on that was used up."""
    row = await tx.one(_WENT_ON)
    return row["at"] if row else None


async def go_on(tx: Tx, alarmed: datetime, *, because: str) -> str:
    """Let the day of this alarm go on; returns the action that raised it."""
    row = await tx.one(
        _GO_ON,
        {
            "now": tx.now,
            "by": _json(tx.actor),
            "because": because,
            "alarmed": alarmed,
        },
    )
    return str(row["action"]) if row else ""


def _json(actor: Actor) -> Jsonb:
    return Jsonb(asdict(actor))
