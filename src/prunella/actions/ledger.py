"""The one way in which an action changes its state: row, step, audit entry and event together."""

from dataclasses import replace
from typing import Any

from prunella import audit
from prunella.actions import store, store_approval
from prunella.actions.action import Action, Step
from prunella.actions.states import SETTLED, State, check_move
from prunella.kit.events import Event
from prunella.kit.house import Tx

LOOK_TIMER = "action.look"


async def enter(tx: Tx, action: Action, state: State, *, because: str) -> Action:
    """Write a new action, and where its decision took it at once.

    One that is denied ends where it begins; it never stands in the way of an open one.
    """
    check_move(action.state, state)
    entered = replace(action, state=state, settled_at=tx.now if state in SETTLED else None)
    await store.insert(tx, entered, because=because)
    await _tell(tx, action, entered, because, first=_request(action))
    return entered


def _request(action: Action) -> audit.Note:
    return audit.Note(
        "action.requested",
        action.id,
        customer=action.customer,
        because=action.kind,
        after={
            "kind": action.kind,
            "target": action.target,
            "amount": action.amount,
            "currency": action.currency,
            "asked_by": str(action.requested_by),
            "given": sorted(action.params),
        },
    )


async def move(tx: Tx, action: Action, state: State, *, because: str, **changes: Any) -> Action:
    """Take the action, whose row is locked, to another state. `because` is a word, not a text."""
    check_move(action.state, state)
    if state in SETTLED:
        changes["settled_at"] = tx.now
        await tx.disarm(LOOK_TIMER, action.id)
    moved = replace(action, state=state, **changes)
    await store.save(tx, moved)
    await store.add_step(tx, moved.id, Step(state, tx.now, because))
    await _tell(tx, action, moved, because)
    return moved


def _facts_of(action: Action) -> dict[str, Any]:
    """Decisions of before were kept without their facts: whoever approves then looks first."""
    unknown = {"kind": action.kind, "asker": {"kind": action.requested_by.kind}}
    return action.decision.get("facts") or unknown


async def _tell(
    tx: Tx, before: Action, after: Action, because: str, *, first: audit.Note | None = None
) -> None:
    """Write the audit entry, behind the `first` where there is one, and the event."""
    if after.state == "awaiting_approval":
        await store_approval.ask(tx, after.id, _facts_of(after))
    moved = audit.Note(
        f"action.{after.state}",
        after.id,
        customer=after.customer,
        because=because,
        before={"state": before.state},
        after={"state": after.state, "rules": after.decision["rules"], **_figures(after)},
    )
    await audit.record_all(tx, [first, moved] if first else [moved])
    data = {"kind": after.kind, "target": after.target}
    await tx.emit(Event(f"action.{after.state}", after.id, after.customer, data))


def _figures(action: Action) -> dict[str, str | int | None]:
    """Ids and codes of the result and the error: never words."""
    told = {k: v for k, v in action.result.items() if isinstance(v, str | int)}
    error = action.error or {}
    codes = {f"error_{k}": error[k] for k in ("class", "code", "decline_code") if error.get(k)}
    return {"attempts": action.attempts, **told, **codes}


async def note_look(tx: Tx, action: Action) -> Action:
    """Count a look that settled nothing."""
    looked = replace(action, looks=action.looks + 1)
    await store.save(tx, looked)
    return looked


async def note_undone(tx: Tx, action: Action, *, because: str, **facts: str) -> Action:
    """Keep that what was done came to nothing after all; it stays settled."""
    undone = replace(action, result={**action.result, **facts})
    await store.save(tx, undone)
    await audit.record(
        tx,
        "action.undone",
        action.id,
        customer=action.customer,
        because=because,
        before=_figures(action),
        after=_figures(undone),
    )
    return undone
