"""What becomes of a refund after it was sent: Stripe tells of it, the mirror shows it."""

from prunella import mirror
from prunella.actions import ledger, store, watch
from prunella.actions.action import Action
from prunella.kit.events import Event
from prunella.kit.house import Tx

_MARK = "prunella_action"
_NOT_GIVEN = frozenset({"failed", "canceled"})


async def on_refund_changed(tx: Tx, event: Event) -> None:
    """Settle one that was on its way; of one that came back, tell a person. Listener."""
    found = await mirror.get(tx, event.subject)
    action = await _action_of(tx, found) if found else None
    if found is None or action is None:
        return
    status = found.data.get("status")
    if action.state == "unknown":
        await watch.queue(tx, action.id)
    elif action.state == "succeeded" and _has_come_back(action, status):
        undone = await ledger.note_undone(
            tx, action, because=f"refund_{status}", status=str(status)
        )
        await watch.call_person(tx, undone, because=f"refund_{status}")


async def _action_of(tx: Tx, refund: mirror.Mirrored) -> Action | None:
    name = (refund.data.get("metadata") or {}).get(_MARK)
    action = await store.lock(tx, name) if name else None
    mine = action is not None and action.target == refund.data.get("charge")
    return action if mine else None


def _has_come_back(action: Action, status: str | None) -> bool:
    return status in _NOT_GIVEN and action.result.get("status") != status
