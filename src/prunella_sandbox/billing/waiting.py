"""Invoice items that wait for the next invoice, in a table of their own: most wait no longer."""

from __future__ import annotations

from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

TABLE = "_waiting_items"


def put(world: World, item: Obj) -> None:
    order = len(world.store.table("invoiceitem"))
    world.store.put(TABLE, item["id"], {"customer": item["customer"], "order": order})


def take(world: World, item_id: str) -> None:
    if world.store.get(TABLE, item_id):
        world.store.drop(TABLE, item_id)


def of_owner(world: World, owner: Obj, *, subscription: str | None) -> list[Obj]:
    """What waits for an invoice of this customer and currency, of no or of this subscription."""
    theirs = [
        (entry["order"], item_id)
        for item_id, entry in world.store.table(TABLE).items()
        if entry["customer"] == owner["customer"]
    ]
    return [
        item
        for item in (world.need("invoiceitem", item_id) for _, item_id in sorted(theirs))
        if item["currency"] == owner["currency"] and _subscription_of(item) in {None, subscription}
    ]


def _subscription_of(item: Obj) -> str | None:
    parent = item["parent"]
    return parent["subscription_details"]["subscription"] if parent else None
