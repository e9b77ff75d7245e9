"""What an update makes of a subscription's items."""

from __future__ import annotations

from prunella_sandbox.billing import items
from prunella_sandbox.billing.prorating import BEHAVIORS, Proration
from prunella_sandbox.billing.updating import Change
from prunella_sandbox.params import Params
from prunella_sandbox.resources.subscription_params import PAYMENT_BEHAVIORS, refuse_mixed
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World


def read_proration(world: World, params: Params) -> Proration:
    behavior = params.choice("proration_behavior", BEHAVIORS) or "create_prorations"
    at = params.integer("proration_date")
    return Proration(behavior=behavior, at=world.clock.unix() if at is None else at)


def read_change(world: World, params: Params, *, fields: Obj, restarts: bool = False) -> Change:
    behavior = params.choice("payment_behavior", PAYMENT_BEHAVIORS) or "allow_incomplete"
    if behavior == "pending_if_incomplete":
        message = "The sandbox does not keep updates pending until they are paid."
        raise params.invalid(name="payment_behavior", message=message)
    params.flag("off_session")
    return Change(
        fields=fields,
        payment_behavior=behavior,
        proration=read_proration(world, params),
        restarts=restarts,
    )


def changed_items(world: World, entries: list[Params], before: Obj) -> Obj:
    """Read the items as they are after the change; they keep the running period."""
    kept = {item["id"]: item for item in before["items"]["data"]}
    for entry in entries:
        item_id = entry.text("id")
        if item_id is None:
            added = added_item(world, entry, before)
            kept[added["id"]] = added
        elif item_id not in kept:
            raise entry.invalid(name="id", message=f"No such subscription item: '{item_id}'")
        elif entry.flag("deleted"):
            entry.flag("clear_usage")
            del kept[item_id]
        else:
            kept[item_id] = changed_item(world, entry, kept[item_id])
    return relisted(before, list(kept.values()))


def added_item(world: World, params: Params, before: Obj) -> Obj:
    first = before["items"]["data"][0]
    period = {name: first[name] for name in ("current_period_start", "current_period_end")}
    return items.read_item(world, params) | period


def changed_item(world: World, params: Params, item: Obj) -> Obj:
    changed = item | params.given(params.integer, "quantity")
    if params.has("price") or params.has("price_data"):
        price = items.read_price(world, params)
        fresh = items.new_item(world, price, quantity=changed.get("quantity") or 1, metadata={})
        changed = {name: value for name, value in changed.items() if name != "quantity"}
        changed |= {n: fresh[n] for n in ("plan", "price", "quantity") if n in fresh}
    return changed | {"metadata": params.metadata(over=item["metadata"])}


def relisted(before: Obj, kept: list[Obj]) -> Obj:
    refuse_mixed(kept)
    return items.listed(before["id"], kept)
