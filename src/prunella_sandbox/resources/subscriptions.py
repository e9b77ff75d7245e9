"""Subscriptions."""

from __future__ import annotations

from typing import Any

from prunella_sandbox.billing import items
from prunella_sandbox.billing.cycle import arm_period
from prunella_sandbox.billing.leaving import cancel_now
from prunella_sandbox.billing.resuming import resume_paused
from prunella_sandbox.billing.subscribing import subscribe
from prunella_sandbox.billing.updating import change_subscription
from prunella_sandbox.errors import InvalidRequestError
from prunella_sandbox.lists import page
from prunella_sandbox.params import Params
from prunella_sandbox.resources.item_changes import read_change
from prunella_sandbox.resources.subscription_changes import changes_of
from prunella_sandbox.resources.subscription_params import (
    BEHAVIORS,
    ENDED,
    METHODS,
    details_of,
    payment_of,
    read_anchor,
    refuse_ended,
    refuse_mixed,
    settings_of,
)
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/subscriptions"
DAY = 24 * 3600
STATUSES = (
    "active",
    "all",
    "canceled",
    "ended",
    "incomplete",
    "incomplete_expired",
    "past_due",
    "paused",
    "trialing",
    "unpaid",
)


def create(world: World, params: Params) -> Obj:
    customer = world.need("customer", params.need_text("customer"), param="customer")
    entries = [items.read_item(world, entry) for entry in params.entries("items")]
    if not entries:
        raise params.missing(name="items")
    refuse_mixed(entries)
    params.flag("off_session")
    proration = params.choice("proration_behavior", ("always_invoice", "create_prorations", "none"))
    return subscribe(
        world,
        customer=customer,
        entries=entries,
        behavior=params.choice("payment_behavior", BEHAVIORS) or "allow_incomplete",
        trial_end=_trial_end(world, params, entries[0]),
        anchor=params.integer("billing_cycle_anchor"),
        bills_first_part=proration != "none",
        **_collection(params),
        **payment_of(world, params, customer=customer),
        **details_of(params, metadata={}),
        **settings_of(params),
    )


def _trial_end(world: World, params: Params, first: Obj) -> int | None:
    days = params.integer("trial_period_days")
    from_plan = params.flag("trial_from_plan")
    if params.text("trial_end") == "now":
        return None
    at = params.integer("trial_end")
    if from_plan and days is None:
        days = first["price"]["recurring"]["trial_period_days"]
    return at or (world.clock.unix() + days * DAY if days else None)


def _collection(params: Params) -> dict[str, Any]:
    method = params.choice("collection_method", METHODS) or "charge_automatically"
    days = params.integer("days_until_due")
    if method == "send_invoice" and days is None:
        raise params.missing(name="days_until_due")
    return {"collection_method": method, "days_until_due": days}


def retrieve(world: World, _params: Params, *, subscription: str) -> Obj:
    return world.need("subscription", subscription)


def update(world: World, params: Params, *, subscription: str) -> Obj:
    before = world.need("subscription", subscription)
    refuse_ended(before)
    anchor = read_anchor(params)
    change = read_change(
        world, params, fields=changes_of(world, params, before), restarts=anchor == "now"
    )
    after = change_subscription(world, before, change)
    if params.has("cancel_at_period_end") or params.has("cancel_at"):
        after = _plan_end(world, after)
    if params.text("trial_end") and after["trial_end"]:
        arm_period(world, after)
    return after


def _plan_end(world: World, subscription: Obj) -> Obj:
    at = subscription["cancel_at"]
    if subscription["cancel_at_period_end"]:
        at = items.period_end(subscription)
    elif at:
        world.agenda.arm("cancel_at", subscription["id"], at=at)
    else:
        world.agenda.disarm("cancel_at", subscription["id"])
    is_ending = bool(at)
    why = subscription["cancellation_details"] | {
        "reason": "cancellation_requested" if is_ending else None
    }
    return world.update(
        subscription,
        cancel_at=at,
        canceled_at=world.clock.unix() if is_ending else None,
        cancellation_details=why,
    )


def cancel(world: World, params: Params, *, subscription: str) -> Obj:
    before = world.need("subscription", subscription)
    if before["status"] in ENDED:
        raise InvalidRequestError(
            message=f"No such subscription: '{subscription}'", code="resource_missing", param="id"
        )
    sent = params.nested("cancellation_details")
    details = {"comment": sent.text("comment"), "feedback": sent.text("feedback")}
    return cancel_now(
        world,
        before,
        invoices=bool(params.flag("invoice_now")),
        prorates=bool(params.flag("prorate")),
        details=details,
    )


def resume(world: World, params: Params, *, subscription: str) -> Obj:
    before = world.need("subscription", subscription)
    if before["status"] != "paused":
        message = "You can only resume a subscription that is paused."
        raise InvalidRequestError(message=message)
    params.choice("proration_behavior", ("always_invoice", "create_prorations", "none"))
    anchor = read_anchor(params) or "now"
    return resume_paused(world, before, anchor=anchor)


def index(world: World, params: Params) -> Obj:
    status = params.choice("status", STATUSES)
    price = params.text("price")

    def is_wanted(subscription: Obj) -> bool:
        if price and all(i["price"]["id"] != price for i in subscription["items"]["data"]):
            return False
        if status == "all":
            return True
        if status == "ended" or status is None:
            return (subscription["status"] in ENDED) == (status == "ended")
        return bool(subscription["status"] == status)

    return page(
        world,
        "subscription",
        params,
        url=URL,
        equal=("customer", "collection_method"),
        where=is_wanted,
    )


ROUTES = (
    Route("POST", URL, create),
    Route("GET", URL, index),
    Route("GET", URL + "/{subscription}", retrieve),
    Route("POST", URL + "/{subscription}", update),
    Route("DELETE", URL + "/{subscription}", cancel),
    Route("POST", URL + "/{subscription}/resume", resume),
)
