"""After a restore: what had leave to go out may have gone out since the backup was made."""

from prunella.actions import ledger, store, store_doubt, watch
from prunella.kit.house import Tx

BECAUSE = "backup.restored"


async def doubt_approved(tx: Tx) -> int:
    """Have Stripe looked at before any of it is sent; returns how many there were.

    The worker takes an action that is `submitting` for one whose sender is gone, and looks.
    """
    approved = await store_doubt.approved(tx)
    for name in approved:
        action = await store.lock(tx, name)
        if action is None or action.state != "approved":
            continue
        since = action.submitted_at or action.created_at
        changes = {"attempts": action.attempts + 1, "submitted_at": since, "looks": 0}
        doubted = await ledger.move(tx, action, "submitting", because=BECAUSE, **changes)
        await watch.look_again(tx, doubted)
        await watch.queue(tx, doubted.id)
    return len(approved)
