"""Where a subscription stands: what its newest invoice does to its status."""

from __future__ import annotations

from typing import Any

from prunella_sandbox.events import emit
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

REVIVED = {"incomplete", "past_due", "unpaid", "paused"}
FAILING = {"active", "trialing"}


def move(world: World, subscription: Obj, **changes: Any) -> Obj:
    """Change a subscription and write the event of it."""
    before = world.fresh(subscription)
    after = world.update(before, **changes)
    emit(world, "customer.subscription.updated", after, before=before)
    return after


def after_payment(world: World, invoice: Obj) -> None:
    """Paying the newest invoice makes the subscription active again."""
    subscription = world.find("subscription", invoice["_subscription"])
    if subscription is None or not _is_newest(subscription, invoice):
        return
    if subscription["status"] in REVIVED:
        world.agenda.disarm("incomplete", subscription["id"])
        move(world, subscription, status="active", status_details=None)


def after_write_off(world: World, invoice: Obj) -> None:
    """A newest invoice that is void or uncollectible no longer holds the subscription back."""
    subscription = world.find("subscription", invoice["_subscription"])
    if subscription and _is_newest(subscription, invoice) and subscription["status"] == "past_due":
        move(world, subscription, status="active")


def after_failure(world: World, invoice: Obj) -> None:
    subscription = world.find("subscription", invoice["_subscription"])
    if subscription and subscription["status"] in FAILING:
        move(world, subscription, status="past_due")


def set_delinquent(world: World, customer_id: str, *, is_delinquent: bool) -> None:
    before = world.find("customer", customer_id)
    if before is None or before.get("deleted") or before["delinquent"] == is_delinquent:
        return
    after = world.update(before, delinquent=is_delinquent)
    emit(world, "customer.updated", after, before=before)


def _is_newest(subscription: Obj, invoice: Obj) -> bool:
    """While `unpaid`, new invoices stay drafts, and the newest of all is the one to pay."""
    which = "latest_invoice" if subscription["status"] == "unpaid" else "_newest_finalized"
    return bool(subscription[which] == invoice["id"])
