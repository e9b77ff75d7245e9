"""The last invoice of a subscription: what is pending, and what was used of metered prices."""

from __future__ import annotations

from prunella_sandbox.billing import drafts, items, lines, waiting
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World


def draft_last(world: World, subscription: Obj) -> Obj | None:
    """Draft it, if there is anything to bill."""
    used = lines.metered_lines(
        world, subscription, start=items.period_start(subscription), end=world.clock.unix()
    )
    billed = [line for line in used if line["amount"] and subscription["status"] != "trialing"]
    if not billed and not waiting.of_owner(world, subscription, subscription=subscription["id"]):
        return None
    return drafts.draft_of_plan(
        world, subscription, lines=billed, billing_reason="subscription_update", auto_advance=True
    )
