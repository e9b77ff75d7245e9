"""What an update changes of a subscription."""

from __future__ import annotations

from typing import Any

from prunella_sandbox.billing import items
from prunella_sandbox.params import Params
from prunella_sandbox.resources.item_changes import changed_items
from prunella_sandbox.resources.subscription_params import (
    METHODS,
    details_of,
    payment_of,
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
        changes["items"] = changed_items(world, params.entries("items"), before)
    if params.has("pause_collection"):
        changes["pause_collection"] = _pause(world, params, before)
    if params.has("trial_end"):
        changes |= _moved_trial(world, params, before)
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
