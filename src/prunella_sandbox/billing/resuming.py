"""Resuming a paused subscription: a new period begins, and its invoice has to be paid."""

from __future__ import annotations

from prunella_sandbox.billing import cycle, items, standing
from prunella_sandbox.events import emit
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World


def resume_paused(world: World, subscription: Obj, *, anchor: str) -> Obj:
    now = world.clock.unix()
    first = now if anchor == "now" else subscription["billing_cycle_anchor"]
    begun = world.update(
        subscription,
        billing_cycle_anchor=first,
        items=items.for_next_period(subscription["items"], anchor=first, start=now),
    )
    cycle.arm_period(world, begun)
    invoice = cycle.draft_cycle_invoice(world, begun, previous=subscription)
    begun = world.update(begun, latest_invoice=invoice["id"])
    cycle.finalize_and_collect(world, invoice)
    resumed = world.fresh(begun)
    if resumed["status"] == "paused" and resumed["collection_method"] == "send_invoice":
        resumed = standing.move(world, resumed, status="active")
    if resumed["status"] != "paused":
        emit(world, "customer.subscription.resumed", resumed)
    return resumed
