"""The start of a subscription: trial, first invoice, first payment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prunella_sandbox.billing import collecting, cycle, drafts, items, lines, periods, prorating
from prunella_sandbox.billing.finalizing import finalize
from prunella_sandbox.errors import CardDeclinedError, InvalidRequestError
from prunella_sandbox.events import emit
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

HOUR = 3600
INCOMPLETE_HOURS = 23
_EMPTY = (
    "application",
    "application_fee_percent",
    "billing_cycle_anchor_config",
    "billing_thresholds",
    "cancel_at",
    "canceled_at",
    "customer_account",
    "days_until_due",
    "default_payment_method",
    "default_source",
    "description",
    "ended_at",
    "latest_invoice",
    "next_pending_invoice_item_invoice",
    "on_behalf_of",
    "pause_collection",
    "pending_invoice_item_interval",
    "pending_setup_intent",
    "pending_update",
    "schedule",
    "transfer_data",
    "_first_part",
    "_newest_finalized",
    "_session",
)


def subscribe(
    world: World,
    *,
    customer: Obj,
    entries: Sequence[Obj],
    behavior: str,
    trial_end: int | None = None,
    anchor: int | None = None,
    bills_first_part: bool = True,
    **details: Any,
) -> Obj:
    """Start a subscription.

    `behavior` is Stripe's `payment_behavior`: what happens when the first payment fails. With an
    `anchor` the time until then is billed in part, unless `bills_first_part` is false.

    Raises:
        CardDeclinedError: the first payment failed, and `error_if_incomplete` was asked for.
    """
    subscription = _store(
        world, customer=customer, entries=entries, trial_end=trial_end, anchor=anchor, **details
    )
    if anchor and not trial_end:
        subscription = world.update(
            subscription, _first_part="billed" if bills_first_part else "free"
        )
    if trial_end:
        return _start_trial(world, subscription)
    if subscription["collection_method"] == "send_invoice":
        return _start_by_invoice(world, subscription)
    return _start_with_charge(world, subscription, behavior=behavior)


def _store(
    world: World,
    *,
    customer: Obj,
    entries: Sequence[Obj],
    trial_end: int | None,
    anchor: int | None,
    **details: Any,
) -> Obj:
    now = world.clock.unix()
    subscription_id = world.new_id("subscription")
    first_anchor = trial_end or anchor or now
    listed = _first_period(subscription_id, entries, now=now, trial_end=trial_end, anchor=anchor)
    automatic = details.get("collection_method") != "send_invoice"
    known = _blank() | {
        "id": subscription_id,
        "billing_cycle_anchor": first_anchor,
        "currency": entries[0]["price"]["currency"],
        "customer": customer["id"],
        "items": listed,
        "start_date": now,
        "test_clock": customer["test_clock"],
        "status": "trialing" if trial_end else "incomplete" if automatic else "active",
        "trial_end": trial_end,
        "trial_start": now if trial_end else None,
    }
    subscription = world.insert("subscription", **(known | details))
    if not customer["currency"]:
        world.update(customer, currency=subscription["currency"])
    return subscription


def _first_period(
    subscription_id: str,
    entries: Sequence[Obj],
    *,
    now: int,
    trial_end: int | None,
    anchor: int | None,
) -> Obj:
    listed = items.listed(subscription_id, entries)
    end = trial_end or anchor
    if end:
        return items.for_period(listed, start=now, end=end)
    return items.for_next_period(listed, anchor=now, start=now)


def _blank() -> Obj:
    return dict.fromkeys(_EMPTY) | {
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_mode": {"flexible": None, "type": "flexible"},
        "billing_schedules": [],
        "cancel_at_period_end": False,
        "cancellation_details": {"comment": None, "feedback": None, "reason": None},
        "collection_method": "charge_automatically",
        "default_tax_rates": [],
        "discounts": [],
        "invoice_settings": {"account_tax_ids": None, "issuer": {"type": "self"}},
        "livemode": False,
        "metadata": {},
        "payment_settings": {
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "off",
        },
        "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
        "_debits": (),
        "_invoices": (),
    }


def _start_trial(world: World, subscription: Obj) -> Obj:
    cycle.arm_period(world, subscription)
    emit(world, "customer.subscription.created", subscription)
    invoice = _first_invoice(world, subscription, is_trial=True)
    collecting.collect(world, finalize(world, invoice))
    return world.fresh(subscription)


def _start_by_invoice(world: World, subscription: Obj) -> Obj:
    cycle.arm_period(world, subscription)
    emit(world, "customer.subscription.created", subscription)
    drafts.finalize_later(world, _first_invoice(world, subscription))
    return world.fresh(subscription)


def _start_with_charge(world: World, subscription: Obj, *, behavior: str) -> Obj:
    sub_id = subscription["id"]
    cycle.arm_period(world, subscription)
    world.agenda.arm("incomplete", sub_id, at=world.clock.unix() + INCOMPLETE_HOURS * HOUR)
    emit(world, "customer.subscription.created", subscription)
    invoice = finalize(world, _first_invoice(world, subscription))
    if invoice["amount_due"] and behavior == "default_incomplete":
        return world.fresh(subscription)
    if invoice["amount_due"] and collecting.method_for(world, invoice) is None:
        message = (
            "This customer has no attached payment source or default payment method. Please "
            "consider adding a default payment method."
        )
        raise InvalidRequestError(message=message, code="resource_missing")
    invoice = collecting.collect(world, invoice)
    if behavior == "error_if_incomplete" and collecting.is_refused(world, invoice):
        failure = collecting.failure_of(world, invoice)
        raise FirstPaymentError(message=failure.message, code=failure.code, extra=failure.extra)
    return world.fresh(subscription)


class FirstPaymentError(CardDeclinedError):
    """The first payment failed, and nothing shall remain of the subscription."""

    keeps_changes = False


def _first_lines(world: World, subscription: Obj, *, is_trial: bool) -> list[Obj]:
    if subscription["_first_part"] is None:
        return lines.subscription_lines(world, subscription, is_trial=is_trial)
    if subscription["_first_part"] == "free":
        return []
    recurring = subscription["items"]["data"][0]["price"]["recurring"]
    anchor = subscription["billing_cycle_anchor"]
    whole = anchor - periods.after(recurring, anchor=anchor, count=-1)
    return lines.subscription_lines(world, subscription, whole_seconds=whole)


def _first_invoice(world: World, subscription: Obj, *, is_trial: bool = False) -> Obj:
    billed = _first_lines(world, subscription, is_trial=is_trial)
    invoice = drafts.draft_of_plan(
        world, subscription, lines=billed, billing_reason="subscription_create"
    )
    owned = cycle.own(world, subscription, invoice)
    if not is_trial:
        owned = prorating.note_billed(world, owned, billed)
    world.update(owned, latest_invoice=invoice["id"])
    return invoice
