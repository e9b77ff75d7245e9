"""The end of a subscription."""

from __future__ import annotations

from prunella_sandbox.billing import closing
from prunella_sandbox.events import emit
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

TIMERS = ("renew", "trial_notice", "upcoming", "incomplete", "cancel_at", "unpause")


def cancel(world: World, subscription: Obj, *, reason: str | None, **details: str | None) -> Obj:
    """End a subscription now; what it still owes stays open, but is collected no longer."""
    before = world.fresh(subscription)
    now = world.clock.unix()
    why = before["cancellation_details"] | {"reason": reason} | details
    ended = world.update(
        before,
        canceled_at=before["canceled_at"] or now,
        cancellation_details=why,
        ended_at=now,
        status="canceled",
    )
    stop_timers(world, ended)
    for invoice in unfinished_invoices(world, ended):
        closing.stop_collecting(world, invoice)
    emit(world, "customer.subscription.deleted", ended)
    return ended


def stop_timers(world: World, subscription: Obj) -> None:
    for timer in TIMERS:
        world.agenda.disarm(timer, subscription["id"])


def unfinished_invoices(world: World, subscription: Obj) -> list[Obj]:
    return [
        invoice
        for invoice_id in subscription["_invoices"]
        if (invoice := world.find("invoice", invoice_id))
        and not invoice.get("deleted")
        and invoice["status"] in {"draft", "open"}
    ]


def expire_incomplete(world: World, subscription_id: str) -> None:
    """End a subscription whose first invoice was not paid within 23 hours."""
    before = world.need("subscription", subscription_id)
    if before["status"] != "incomplete":
        return
    expired = world.update(before, ended_at=world.clock.unix(), status="incomplete_expired")
    stop_timers(world, expired)
    emit(world, "customer.subscription.updated", expired, before=before)
    for invoice in unfinished_invoices(world, expired):
        closing.void(world, invoice)
