"""Dunning: when Stripe tries again, when it holds back, and what happens after the last try.

`attempt_count` counts the first try whoever made it, and then only automatic ones. A hard decline
does not stop the schedule: the count goes on rising at each date, but nothing is charged until
there is another payment method. A manual try moves nothing.
"""

from __future__ import annotations

from prunella_sandbox.billing import canceling, standing
from prunella_sandbox.events import emit
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

DAY = 24 * 3600


def note_failure(world: World, invoice: Obj, *, is_automatic: bool, held: str | None) -> Obj:
    """Count a failed try and arm the next one.

    `held` names the payment method that a hard decline has ruled out, if any.
    """
    before = world.fresh(invoice)
    counts = is_automatic or before["attempt_count"] == 0
    failed_at = before["_first_failure_at"] or world.clock.unix()
    tried = world.update(
        before,
        attempt_count=before["attempt_count"] + (1 if counts else 0),
        attempted=True,
        _first_failure_at=failed_at,
        _held=held,
    )
    return schedule(world, tried) if counts else tried


def schedule(world: World, invoice: Obj) -> Obj:
    """Arm the next automatic try, if there is one."""
    if invoice["collection_method"] != "charge_automatically" or not invoice["auto_advance"]:
        return invoice
    days = world.settings.retry_after_days
    tries = invoice["attempt_count"]
    if tries > len(days):
        return world.update(invoice, next_payment_attempt=None)
    at = invoice["_first_failure_at"] + days[tries - 1] * DAY
    world.agenda.arm("retry", invoice["id"], at=at)
    return world.update(invoice, next_payment_attempt=at)


def is_exhausted(world: World, invoice: Obj) -> bool:
    return (
        invoice["collection_method"] == "charge_automatically"
        and bool(invoice["auto_advance"])
        and invoice["attempt_count"] > len(world.settings.retry_after_days)
    )


def give_up(world: World, invoice: Obj) -> None:
    """Do what the account wants done with a subscription that could not be collected."""
    subscription = world.find("subscription", invoice["_subscription"])
    if subscription is None or subscription["status"] != "past_due":
        return
    wanted = world.settings.after_last_retry
    if wanted == "cancel":
        canceling.cancel(world, subscription, reason="payment_failed")
    if wanted == "unpaid":
        standing.move(world, subscription, status="unpaid")


def skip(world: World, invoice: Obj) -> Obj:
    """Let a date pass without a charge, because the card was ruled out."""
    before = world.fresh(invoice)
    counted = schedule(world, world.update(before, attempt_count=before["attempt_count"] + 1))
    emit(world, "invoice.updated", counted, before=before)
    return counted
