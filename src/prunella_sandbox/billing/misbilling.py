"""Bills that are wrong, as Stripe would show them: what happens when somebody bills by mistake."""

from __future__ import annotations

from prunella_sandbox.billing import cycle, drafts, items, lines
from prunella_sandbox.billing.periods import next_end
from prunella_sandbox.errors import InvalidRequestError
from prunella_sandbox.events import emit
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World


def bill_again(world: World, subscription: Obj) -> Obj:
    """Bill the running period of a plan once more; of a plan that is over, one that begins now."""
    ended = subscription["status"] == "canceled"
    plan = subscription | {"items": _from_now(world, subscription)} if ended else subscription
    draft = drafts.draft_of_plan(
        world,
        plan,
        lines=lines.subscription_lines(world, plan),
        billing_reason="subscription_cycle",
        period_end=items.period_end(plan),
        period_start=items.period_start(plan),
    )
    return cycle.finalize_and_collect(world, draft)


def _from_now(world: World, subscription: Obj) -> Obj:
    now = world.clock.unix()
    recurring = subscription["items"]["data"][0]["price"]["recurring"]
    return items.for_period(
        subscription["items"], start=now, end=next_end(recurring, anchor=now, start=now)
    )


def add_to_draft(world: World, invoice: Obj, *, by: int) -> Obj:
    """Let the first line of a draft ask for more than its quantity and price make.

    Raises:
        InvalidRequestError: it is no draft, or has no line.
    """
    billed = invoice["lines"]["data"]
    if invoice["status"] != "draft" or not billed:
        raise InvalidRequestError(message="Only the lines of a draft can be changed.")
    amount = billed[0]["amount"] + by
    changed = [billed[0] | {"amount": amount, "subtotal": amount}, *billed[1:]]
    empty = invoice | {"lines": invoice["lines"] | {"data": []}}
    after = drafts.with_lines(world, empty, changed)
    emit(world, "invoice.updated", after, before=invoice)
    return after
