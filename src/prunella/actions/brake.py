"""The brake: a person stops everything automatic, at once; it then waits for an approval.

What a customer does with their own card goes on: paying, and choosing how to pay.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from psycopg.rows import DictRow

from prunella import audit
from prunella.actions import ledger, store, store_brake, store_limits
from prunella.actions.action import Action
from prunella.actions.ledger import LOOK_TIMER
from prunella.actions.policy import GIVES
from prunella.kit.actor import Actor
from prunella.kit.events import Event
from prunella.kit.house import Tx

log = structlog.get_logger()

A_DAY = timedelta(days=1)
MAX_BECAUSE = 200
MOST_AT_ONCE = 1_000
_BY_THEMSELVES = frozenset({"system", "lee", "service"})
_MAY_STOP = frozenset({"admin", "lead", "agent", "csm", "finance"})
_MAY_RESUME = frozenset({"admin", "lead"})


class NotYourBrakeError(Exception):
    """Everyone who acts here may stop what is automatic; a lead or an admin lets it go on."""


@dataclass(frozen=True, slots=True)
class Brake:
    """Since when everything automatic stands still, who stopped it, and why."""

    id: str
    stopped_at: datetime
    stopped_by: Actor
    because: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The brake, if it is pulled; since when the day's money is used up; how many wait."""

    brake: Brake | None
    used_up_at: datetime | None
    waiting: int


async def is_stopped(tx: Tx) -> bool:
    """Whether everything automatic waits. True or false until the commit: a stop waits for it."""
    await store_brake.share(tx)
    return await store_brake.pulled(tx) is not None


async def standing(tx: Tx) -> Standing:
    row = await store_brake.pulled(tx)
    used_up = await store_brake.alarmed_since(tx, tx.now - A_DAY)
    waiting = await store_brake.waiting(tx)
    return Standing(brake=_brake(row) if row else None, used_up_at=used_up, waiting=waiting)


async def used_today(tx: Tx) -> Mapping[str, int]:
    """Return what went out by itself in the last 24 hours, in minor units by currency."""
    return (await store_limits.today(tx, since=tx.now - A_DAY)).given


async def stop(tx: Tx, *, because: str = "") -> int:
    """Stop everything automatic; returns how many that were on their way now wait.

    Stopping twice is stopping once. Raises `NotYourBrakeError`.
    """
    _check(tx.actor, _MAY_STOP)
    await store_brake.be_alone(tx)
    if await store_brake.pulled(tx):
        return 0
    brake = tx.new_id("brake")
    await store_brake.stop(tx, brake=brake, because=because[:MAX_BECAUSE])
    held = [await hold(tx, one) for one in await _to_hold(tx)]
    await audit.record(tx, "brake.stopped", brake, because="stopped", after={"held": len(held)})
    await tx.emit(Event("brake.stopped", brake, data={"held": len(held)}))
    log.warning("automatic actions are stopped", by=str(tx.actor), held=len(held))
    return len(held)


async def resume(tx: Tx, *, because: str = "") -> int:
    """Let what is automatic go again; what waits keeps waiting for a person: returns how many.

    Where the day's money is used up, as much again may go out, and then it stops by itself again.
    Raises `NotYourBrakeError`.
    """
    _check(tx.actor, _MAY_RESUME)
    await store_brake.be_alone(tx)
    row = await store_brake.pulled(tx)
    waiting = await store_brake.waiting(tx)
    if row:
        await _lift(tx, row["id"], because=because[:MAX_BECAUSE], waiting=waiting)
    alarmed = await store_brake.alarmed_since(tx, tx.now - A_DAY)
    if alarmed:
        await _go_on(tx, alarmed, because=because[:MAX_BECAUSE])
    return waiting


async def _lift(tx: Tx, brake: str, *, because: str, waiting: int) -> None:
    await store_brake.lift(tx, because=because)
    await audit.record(tx, "brake.lifted", brake, because="resumed", after={"waiting": waiting})
    await tx.emit(Event("brake.lifted", brake, data={"waiting": waiting}))
    log.warning("automatic actions go on", by=str(tx.actor), waiting=waiting)


async def _go_on(tx: Tx, alarmed: datetime, *, because: str) -> None:
    """What was used by now counts no more."""
    used = await used_today(tx)
    action = await store_brake.go_on(tx, alarmed, because=because)
    after = {f"used_{currency}": amount for currency, amount in used.items()}
    await audit.record(tx, "brake.day_goes_on", action, because="resumed", after=after)
    await tx.emit(Event("brake.day_goes_on", action))
    log.warning("the automatic money of 24 hours may go out once more", by=str(tx.actor))


async def holds(tx: Tx, action: Action) -> bool:
    """Whether the brake keeps this one from being sent: not what a person asked or approved."""
    if not is_automatic(action) or not await is_stopped(tx):
        return False
    return not await store_brake.approved_by_person(tx, action.id)


async def hold(tx: Tx, action: Action) -> Action:
    """Have an allowed action, whose row is locked, wait for a person."""
    await tx.disarm(LOOK_TIMER, action.id)
    return await ledger.move(tx, action, "awaiting_approval", because="brake.stopped")


async def note_used_up(tx: Tx, action: Action) -> None:
    """Be loud, once in 24 hours, when the day's automatic money is used up."""
    await store_brake.be_alone(tx)
    went_on_at = await store_brake.went_on_at(tx)
    if went_on_at and action.created_at <= went_on_at:
        return
    if await store_brake.alarmed_since(tx, tx.now - A_DAY):
        return
    await store_brake.add_alarm(tx, action.id)
    await audit.record(tx, "brake.daily_limit", action.id, because="automatic.day")
    await tx.emit(Event("brake.daily_limit", action.id, action.customer))
    log.warning("the automatic money of 24 hours is used up", action=action.id)


def is_automatic(action: Action) -> bool:
    kind = action.requested_by.kind
    return kind in _BY_THEMSELVES or (action.kind in GIVES and kind != "staff")


async def _to_hold(tx: Tx) -> list[Action]:
    """What is left out here is held when a worker takes it."""
    found = [await store.lock(tx, name) for name in await store_brake.approved(tx, MOST_AT_ONCE)]
    return [
        one
        for one in found
        if one and is_automatic(one) and not await store_brake.approved_by_person(tx, one.id)
    ]


def _check(actor: Actor, roles: frozenset[str]) -> None:
    if actor.kind != "staff" or actor.role not in roles:
        raise NotYourBrakeError


def _brake(row: DictRow) -> Brake:
    return Brake(row["id"], row["stopped_at"], Actor(**row["stopped_by"]), row["because"])
