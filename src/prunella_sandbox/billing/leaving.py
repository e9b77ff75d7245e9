"""Leaving in mid-period: what is given back, and what is billed at last."""

from __future__ import annotations

from prunella_sandbox.billing import canceling, cycle, last_invoices, prorating
from prunella_sandbox.billing.prorating import Proration
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World


def cancel_now(
    world: World,
    subscription: Obj,
    *,
    invoices: bool,
    prorates: bool,
    details: dict[str, str | None],
) -> Obj:
    """End a subscription now; with `invoices` what is pending and used is billed at last."""
    if prorates:
        unused = Proration(behavior="create_prorations", at=world.clock.unix())
        prorating.credit_unused(world, subscription, unused)
    last = last_invoices.draft_last(world, world.fresh(subscription)) if invoices else None
    ended = canceling.cancel(world, subscription, reason="cancellation_requested", **details)
    if last:
        cycle.finalize_and_collect(world, last)
        ended = world.update(ended, latest_invoice=last["id"])
    return world.fresh(ended)
