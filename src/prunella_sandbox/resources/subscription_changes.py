"""What an update changes of a subscription."""

from __future__ import annotations

from typing import Any

from prunella_sandbox.billing import items
from prunella_sandbox.errors import InvalidRequestError
from prunella_sandbox.params import Params
from prunella_sandbox.resources.subscription_params import (
    BEHAVIORS,
    METHODS,
    details_of,
    payment_of,
    refuse_mixed,
    settings_of,
)
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World


def changes_of(world: World, params: Params, before: Obj) -> dict[str, Any]:
    customer = world.need("customer", before["customer"])
    changes = details_of(params, metadata=before["metadata"]) | settings_of(params)
    changes |= params.given(lambda n: params.choice(n, METHODS), "collection_method")
    changes |= params.given(params.integer, "days_until_due")
    given = {n: v for n, v in payment_of(world, params, customer=customer).items() if params.has(n)}
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
    refuse_mixed(list(kept.values()))
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
