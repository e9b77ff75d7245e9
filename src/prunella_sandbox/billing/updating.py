"""Changing a running subscription, and billing the change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from prunella_sandbox.billing import collecting, cycle, drafts, items, lines, prorating, standing
from prunella_sandbox.billing.finalizing import finalize
from prunella_sandbox.billing.pricing import amount_for
from prunella_sandbox.billing.prorating import UNBILLED, Proration
from prunella_sandbox.billing.subscribing import FirstPaymentError
from prunella_sandbox.errors import InvalidRequestError
from prunella_sandbox.events import emit
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World


@dataclass(frozen=True, kw_only=True)
class Change:
    """What becomes of a subscription; `payment_behavior` as at its creation."""

    fields: dict[str, Any]
    proration: Proration
    restarts: bool = False
    payment_behavior: str = "allow_incomplete"


def change_subscription(world: World, before: Obj, change: Change) -> Obj:
    """Carry out a change; what it costs at once is invoiced and collected here.

    Raises:
        CardDeclinedError: the payment failed, and `error_if_incomplete` was asked for.
    """
    after = world.update(before, **change.fields)
    invoice = _bill(world, before, after, change)
    current = world.fresh(after)
    emit(world, "customer.subscription.updated", current, before=before)
    if invoice:
        _collect(world, invoice, behavior=change.payment_behavior)
    return world.fresh(current)


def _bill(world: World, before: Obj, after: Obj, change: Change) -> Obj | None:
    _refuse_outside(before, change)
    if after["status"] == "trialing" and before["status"] not in UNBILLED:
        prorating.credit_unused(world, after, change.proration)
        return None
    if "items" not in change.fields and not change.restarts:
        return None
    if after["status"] in UNBILLED:
        return None
    if change.restarts or _moves_anchor(before, after):
        return _restart(world, after, change)
    known = len(world.store.table("invoiceitem"))
    prorating.bill_change(world, before, after, change.proration)
    is_new = len(world.store.table("invoiceitem")) > known
    if change.proration.behavior != "always_invoice" or not is_new:
        return None
    return _draft(world, world.fresh(after), billed=[])


def _refuse_outside(subscription: Obj, change: Change) -> None:
    start, end = items.period_start(subscription), items.period_end(subscription)
    if not start <= change.proration.at <= end:
        message = (
            f"Cannot specify `proration_date` outside of the current period: {start} to {end}."
        )
        raise InvalidRequestError(message=message, param="proration_date")


def _moves_anchor(before: Obj, after: Obj) -> bool:
    """Another interval begins a new period, and so does the step from free to paid."""
    return _interval(before) != _interval(after) or (not _full(before) and _full(after) > 0)


def _interval(subscription: Obj) -> tuple[str, int]:
    recurring = subscription["items"]["data"][0]["price"]["recurring"]
    return recurring["interval"], recurring["interval_count"]


def _full(subscription: Obj) -> int:
    """What the licensed items cost in a whole period; 1 when usage is billed."""
    total = 0
    for item in subscription["items"]["data"]:
        if item["price"]["recurring"]["usage_type"] == "metered":
            return 1
        # An item's price is shown without its tiers: a tiered one counts as paid.
        tiered = item["price"]["billing_scheme"] == "tiered"
        total += 1 if tiered else amount_for(item["price"], item["quantity"])
    return total


def _restart(world: World, after: Obj, change: Change) -> Obj:
    """Begin a new period now, and invoice it less what is unused of the old one."""
    now = world.clock.unix()
    usage = cycle.usage_lines(world, after, until=now)
    credited = prorating.credit_unused(world, after, change.proration)
    begun = world.update(
        credited,
        billing_cycle_anchor=now,
        items=items.for_next_period(after["items"], anchor=now, start=now),
    )
    cycle.arm_period(world, begun)
    return _draft(world, begun, billed=[*lines.subscription_lines(world, begun), *usage])


def _draft(world: World, subscription: Obj, *, billed: list[Obj]) -> Obj:
    invoice = drafts.draft_of_plan(
        world, subscription, lines=billed, billing_reason="subscription_update", auto_advance=True
    )
    owned = cycle.own(world, subscription, invoice)
    if billed:
        owned = prorating.note_billed(world, owned, billed)
    world.update(owned, latest_invoice=invoice["id"])
    return invoice


def _collect(world: World, invoice: Obj, *, behavior: str) -> None:
    subscription = world.need("subscription", invoice["_subscription"])
    if subscription["status"] == "unpaid":
        return
    opened = finalize(world, invoice)
    if not opened["amount_due"]:
        collecting.collect(world, opened)
    elif opened["collection_method"] == "send_invoice":
        emit(world, "invoice.sent", opened)
    elif behavior == "default_incomplete":
        standing.move(world, subscription, status="past_due")
    else:
        _charge(world, opened, behavior=behavior)


def _charge(world: World, opened: Obj, *, behavior: str) -> None:
    if behavior == "error_if_incomplete" and collecting.method_for(world, opened) is None:
        raise collecting.nothing_to_charge()
    tried = collecting.collect(world, opened)
    if behavior == "error_if_incomplete" and collecting.is_refused(world, tried):
        failure = collecting.failure_of(world, tried)
        raise FirstPaymentError(message=failure.message, code=failure.code, extra=failure.extra)
