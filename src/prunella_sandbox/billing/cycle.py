"""The subscription through time: renewal, end of a trial, end of a subscription."""

from __future__ import annotations

from prunella_sandbox.billing import (
    canceling,
    closing,
    collecting,
    drafts,
    items,
    last_invoices,
    lines,
    prorating,
    standing,
)
from prunella_sandbox.billing.finalizing import finalize
from prunella_sandbox.events import emit
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

DAY = 24 * 3600
RENEWED = {"active", "past_due", "unpaid", "trialing"}


def arm_period(world: World, subscription: Obj) -> None:
    """Arm what falls due at, and shortly before, the end of the running period."""
    end = items.period_end(subscription)
    world.agenda.arm("renew", subscription["id"], at=end)
    is_trial = subscription["status"] == "trialing"
    notice_days = (
        world.settings.trial_notice_days if is_trial else world.settings.upcoming_notice_days
    )
    what = "trial_notice" if is_trial else "upcoming"
    notice_at = end - notice_days * DAY
    if notice_at >= world.clock.now():
        world.agenda.arm(what, subscription["id"], at=notice_at)


def renew(world: World, subscription_id: str) -> None:
    """End the running period and begin the next one, with its invoice."""
    before = world.need("subscription", subscription_id)
    if before["status"] not in RENEWED:
        return
    if before["cancel_at_period_end"]:
        _end_with_period(world, before)
        return
    if before["status"] == "trialing" and _ends_unpaid_trial(world, before):
        return
    _begin_period(world, before)


def _end_with_period(world: World, subscription: Obj) -> None:
    last = last_invoices.draft_last(world, subscription)
    canceling.cancel(world, subscription, reason="cancellation_requested")
    if last:
        drafts.finalize_later(world, last)


def _begin_period(world: World, before: Obj) -> None:
    start = items.period_end(before)
    next_items = items.for_next_period(
        before["items"], anchor=before["billing_cycle_anchor"], start=start
    )
    status = "active" if before["status"] == "trialing" else before["status"]
    after = world.update(before, items=next_items, status=status)
    arm_period(world, after)
    invoice = draft_cycle_invoice(world, after, previous=before)
    after = world.update(after, latest_invoice=invoice["id"])
    emit(world, "customer.subscription.updated", after, before=before)


def _ends_unpaid_trial(world: World, subscription: Obj) -> bool:
    """Pause or cancel at the end of a trial without a card, if the subscription says so."""
    wanted = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
    probe = {
        "customer": subscription["customer"],
        "default_payment_method": None,
        "default_source": None,
        "_subscription": subscription["id"],
    }
    if wanted == "create_invoice" or collecting.method_for(world, probe):
        return False
    if wanted == "cancel":
        canceling.cancel(world, subscription, reason=None)
    else:
        paused = standing.move(world, subscription, status="paused")
        emit(world, "customer.subscription.paused", paused)
    return True


def draft_cycle_invoice(world: World, subscription: Obj, *, previous: Obj) -> Obj:
    """Draft a renewal; only that of an unpaid or paused collection stays a draft."""
    billed = lines.subscription_lines(world, subscription)
    is_free = previous["status"] == "trialing"
    used = [] if is_free else usage_lines(world, previous, until=items.period_end(previous))
    invoice = drafts.draft_of_plan(
        world,
        subscription,
        lines=[*billed, *used],
        billing_reason="subscription_cycle",
        period_end=items.period_end(previous),
        period_start=items.period_start(previous),
    )
    prorating.note_billed(world, own(world, subscription, invoice), billed)
    if subscription["pause_collection"]:
        return _while_paused(world, invoice, subscription["pause_collection"]["behavior"])
    if subscription["status"] == "unpaid":
        return invoice
    return drafts.finalize_later(world, invoice)


def usage_lines(world: World, subscription: Obj, *, until: int) -> list[Obj]:
    """Bill what was used of metered prices since the running period began."""
    return lines.metered_lines(
        world, subscription, start=items.period_start(subscription), end=until
    )


def _while_paused(world: World, invoice: Obj, behavior: str) -> Obj:
    """Do with an invoice what was asked for while collection is paused."""
    if behavior == "void":
        return closing.void(world, finalize(world, invoice))
    if behavior == "mark_uncollectible":
        return closing.mark_uncollectible(world, finalize(world, invoice))
    return invoice


def own(world: World, subscription: Obj, invoice: Obj) -> Obj:
    """Remember which invoices a subscription has."""
    current = world.fresh(subscription)
    return world.update(current, _invoices=(*current["_invoices"], invoice["id"]))


def finalize_due(world: World, invoice_id: str) -> None:
    """Finalise a draft whose hour is over, and collect it."""
    invoice = world.need("invoice", invoice_id)
    if invoice["status"] == "draft":
        finalize_and_collect(world, invoice)


def finalize_and_collect(world: World, invoice: Obj) -> Obj:
    opened = finalize(world, invoice)
    if not opened["amount_due"] or opened["collection_method"] == "charge_automatically":
        return collecting.collect(world, opened)
    emit(world, "invoice.sent", opened)
    return opened


def overdue(world: World, invoice_id: str) -> None:
    invoice = world.need("invoice", invoice_id)
    if invoice["status"] != "open":
        return
    emit(world, "invoice.overdue", invoice)
    standing.set_delinquent(world, invoice["customer"], is_delinquent=True)
    standing.after_failure(world, invoice)


def announce_trial_end(world: World, subscription_id: str) -> None:
    subscription = world.need("subscription", subscription_id)
    if subscription["status"] == "trialing":
        emit(world, "customer.subscription.trial_will_end", subscription)


def cancel_due(world: World, subscription_id: str) -> None:
    subscription = world.need("subscription", subscription_id)
    if subscription["status"] not in {"canceled", "incomplete_expired"}:
        canceling.cancel(world, subscription, reason="cancellation_requested")


def unpause_due(world: World, subscription_id: str) -> None:
    subscription = world.need("subscription", subscription_id)
    if subscription["pause_collection"]:
        standing.move(world, subscription, pause_collection=None)
