"""Subscriptions."""

from __future__ import annotations

from typing import Any

from prunella_sandbox.billing import canceling, items, standing
from prunella_sandbox.billing.cycle import arm_period
from prunella_sandbox.billing.resuming import resume_paused
from prunella_sandbox.billing.subscribing import subscribe
from prunella_sandbox.errors import InvalidRequestError
from prunella_sandbox.lists import page
from prunella_sandbox.params import Params
from prunella_sandbox.resources import payment_methods
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/subscriptions"
DAY = 24 * 3600
METHODS = ("charge_automatically", "send_invoice")
BEHAVIORS = ("allow_incomplete", "default_incomplete", "error_if_incomplete")
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
ENDED = {"canceled", "incomplete_expired"}


def create(world: World, params: Params) -> Obj:
    customer = world.need("customer", params.need_text("customer"), param="customer")
    entries = [items.read_item(world, entry) for entry in params.entries("items")]
    if not entries:
        raise params.missing(name="items")
    _refuse_mixed(entries)
    params.flag("off_session")
    params.choice("proration_behavior", ("always_invoice", "create_prorations", "none"))
    return subscribe(
        world,
        customer=customer,
        entries=entries,
        behavior=params.choice("payment_behavior", BEHAVIORS) or "allow_incomplete",
        trial_end=_trial_end(world, params, entries[0]),
        anchor=params.integer("billing_cycle_anchor"),
        **_collection(params),
        **_payment(world, params, customer=customer),
        **_details(params, metadata={}),
        **_settings(params),
    )


def _refuse_mixed(entries: list[Obj]) -> None:
    kinds = {
        (
            e["price"]["currency"],
            e["price"]["recurring"]["interval"],
            e["price"]["recurring"]["interval_count"],
        )
        for e in entries
    }
    if len(kinds) > 1:
        message = "The sandbox bills all items of a subscription in one currency and interval."
        raise InvalidRequestError(message=message, param="items")


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


def _payment(world: World, params: Params, *, customer: Obj) -> dict[str, Any]:
    chosen = params.text("default_payment_method")
    source = params.text("default_source")
    if source:
        world.need("card", source, param="default_source")
    if not chosen:
        return {"default_payment_method": None, "default_source": source}
    method = payment_methods.of_customer(
        world, chosen, customer=customer, param="default_payment_method"
    )
    return {"default_payment_method": method["id"], "default_source": source}


def _details(params: Params, *, metadata: dict[str, str]) -> dict[str, Any]:
    return {
        **params.given(params.text, "description"),
        **params.given(params.flag, "cancel_at_period_end"),
        **params.given(params.integer, "cancel_at"),
        "metadata": params.metadata(over=metadata),
    }


def _settings(params: Params) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if params.has("trial_settings"):
        behavior = params.nested("trial_settings").nested("end_behavior")
        wanted = behavior.choice("missing_payment_method", ("cancel", "create_invoice", "pause"))
        changes["trial_settings"] = {"end_behavior": {"missing_payment_method": wanted}}
    if params.has("payment_settings"):
        sent = params.nested("payment_settings")
        changes["payment_settings"] = {
            "payment_method_options": None,
            "payment_method_types": sent.texts("payment_method_types") or None,
            "save_default_payment_method": sent.choice(
                "save_default_payment_method", ("off", "on_subscription")
            )
            or "off",
        }
    return changes


def retrieve(world: World, _params: Params, *, subscription: str) -> Obj:
    return world.need("subscription", subscription)


def update(world: World, params: Params, *, subscription: str) -> Obj:
    before = world.need("subscription", subscription)
    if before["status"] in ENDED:
        message = "A canceled subscription can only update its cancellation_details and metadata."
        raise InvalidRequestError(message=message, code="invalid_canceled_subscription_fields")
    changes = _changes(world, params, before)
    after = standing.move(world, before, **changes)
    if params.has("cancel_at_period_end") or params.has("cancel_at"):
        after = _plan_end(world, after)
    if params.text("trial_end") and after["trial_end"]:
        arm_period(world, after)
    return after


def _changes(world: World, params: Params, before: Obj) -> dict[str, Any]:
    customer = world.need("customer", before["customer"])
    changes = _details(params, metadata=before["metadata"]) | _settings(params)
    changes |= params.given(lambda n: params.choice(n, METHODS), "collection_method")
    changes |= params.given(params.integer, "days_until_due")
    given = {n: v for n, v in _payment(world, params, customer=customer).items() if params.has(n)}
    changes |= given
    if params.has("items"):
        changes["items"] = _changed_items(world, params, before)
    if params.has("pause_collection"):
        changes["pause_collection"] = _pause(world, params, before)
    if params.has("trial_end"):
        changes |= _moved_trial(world, params, before)
    params.choice("payment_behavior", (*BEHAVIORS, "pending_if_incomplete"))
    params.flag("off_session")
    return changes


def _moved_trial(world: World, params: Params, before: Obj) -> dict[str, Any]:
    end = (
        world.clock.unix()
        if params.text("trial_end") == "now"
        else params.need_integer("trial_end")
    )
    start = items.period_start(before)
    return {
        "billing_cycle_anchor": end,
        "items": items.for_period(before["items"], start=start, end=end),
        "status": "trialing",
        "trial_end": end,
        "trial_start": before["trial_start"] or world.clock.unix(),
    }


def _changed_items(world: World, params: Params, before: Obj) -> Obj:
    """Change prices and quantities from the next period on."""
    if params.text("proration_behavior") != "none":
        message = "The sandbox changes items with proration_behavior=none only."
        raise InvalidRequestError(message=message, param="proration_behavior")
    kept = {item["id"]: item for item in before["items"]["data"]}
    first = before["items"]["data"][0]
    period = {name: first[name] for name in ("current_period_start", "current_period_end")}
    for entry in params.entries("items"):
        item_id = entry.text("id")
        if item_id is None:
            added = items.read_item(world, entry) | period
            kept[added["id"]] = added
        elif item_id not in kept:
            raise entry.invalid(name="id", message=f"No such subscription item: '{item_id}'")
        elif entry.flag("deleted"):
            del kept[item_id]
        else:
            kept[item_id] = _changed_item(world, entry, kept[item_id])
    _refuse_mixed(list(kept.values()))
    return items.listed(before["id"], kept.values())


def _changed_item(world: World, entry: Params, item: Obj) -> Obj:
    changed = item | entry.given(entry.integer, "quantity")
    if entry.has("price"):
        price = items.read_price(world, entry)
        fresh = items.new_item(world, price, quantity=changed["quantity"] or 1, metadata={})
        changed |= {"plan": fresh["plan"], "price": fresh["price"], "quantity": fresh["quantity"]}
    return changed | {"metadata": entry.metadata(over=item["metadata"])}


def _pause(world: World, params: Params, before: Obj) -> Obj | None:
    if params.raw("pause_collection") is None:
        world.agenda.disarm("unpause", before["id"])
        return None
    sent = params.nested("pause_collection")
    resumes_at = sent.integer("resumes_at")
    if resumes_at:
        world.agenda.arm("unpause", before["id"], at=resumes_at)
    behaviors = ("keep_as_draft", "mark_uncollectible", "void")
    return {"behavior": sent.choice("behavior", behaviors), "resumes_at": resumes_at}


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
    for name in ("invoice_now", "prorate"):
        if params.flag(name):
            raise params.invalid(name=name, message=f"The sandbox cannot {name} yet.")
    details = {"comment": sent.text("comment"), "feedback": sent.text("feedback")}
    return canceling.cancel(world, before, reason="cancellation_requested", **details)


def resume(world: World, params: Params, *, subscription: str) -> Obj:
    before = world.need("subscription", subscription)
    if before["status"] != "paused":
        message = "You can only resume a subscription that is paused."
        raise InvalidRequestError(message=message)
    params.choice("proration_behavior", ("always_invoice", "create_prorations", "none"))
    anchor = params.choice("billing_cycle_anchor", ("now", "unchanged")) or "now"
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
