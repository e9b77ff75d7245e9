"""When an action that is not settled is looked at again, in business time."""

from datetime import timedelta

from prunella.actions import ledger, store
from prunella.actions.action import Action
from prunella.actions.ledger import LOOK_TIMER
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.kit.jobs import Job
from prunella.kit.timers import Timer

CARRY_OUT = "actions.carry_out"
WATCH_APPROVED = timedelta(hours=1)
LOOK_AFTER = (timedelta(minutes=5), timedelta(hours=1))
LOOK_DAILY = timedelta(days=1)
LOOKS_UNTIL_PERSON = 3
_TO_WATCH = frozenset({"approved", "submitting", "unknown"})


async def queue(tx: Tx, action: str) -> None:
    """Queue the work on this action. Its jobs run in turn, so none meets another at work."""
    await tx.defer(Job(CARRY_OUT, {"action": action}, lock=action))


async def watch_approved(tx: Tx, action: Action) -> None:
    """Come back to it, should its job be lost or the queue's patience end."""
    await tx.arm(Timer(LOOK_TIMER, action.id, tx.now + WATCH_APPROVED))


async def look_again(tx: Tx, action: Action) -> None:
    """After 5 minutes, an hour, then daily: by how often it was looked at."""
    wait = LOOK_AFTER[action.looks] if action.looks < len(LOOK_AFTER) else LOOK_DAILY
    await tx.arm(Timer(LOOK_TIMER, action.id, tx.now + wait))


async def on_look_due(tx: Tx, timer: Timer) -> None:
    """Handler of the timer `action.look`."""
    action = await store.lock(tx, timer.subject)
    if action is None or action.state not in _TO_WATCH:
        return
    await queue(tx, action.id)
    await watch_approved(tx, action)
    if action.state == "approved":
        await _note_unsent(tx, action)


async def call_person(tx: Tx, action: Action, *, because: str) -> None:
    """Say that somebody has to look at this; bootstrap's listener opens the case."""
    data = {"kind": action.kind, "target": action.target, "because": because}
    await tx.emit(Event("action.needs_person", action.id, action.customer, data))


async def _note_unsent(tx: Tx, action: Action) -> None:
    waiting = await ledger.note_look(tx, action)
    if waiting.looks == LOOKS_UNTIL_PERSON:
        await call_person(tx, waiting, because="not_sent")
