"""Subscription items: one price of a subscription, changed alone."""

from __future__ import annotations

from prunella_sandbox.billing import updating
from prunella_sandbox.errors import InvalidRequestError, no_such
from prunella_sandbox.lists import paged
from prunella_sandbox.params import Params
from prunella_sandbox.resources import item_changes
from prunella_sandbox.resources.subscription_params import refuse_ended
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/subscription_items"


def create(world: World, params: Params) -> Obj:
    before = world.need("subscription", params.need_text("subscription"), param="subscription")
    refuse_ended(before)
    added = item_changes.added_item(world, params, before)
    _replace(world, params, before, [*before["items"]["data"], added])
    return _find(world, added["id"])[1]


def retrieve(world: World, _params: Params, *, item: str) -> Obj:
    return _find(world, item)[1]


def update(world: World, params: Params, *, item: str) -> Obj:
    before, found = _find(world, item)
    refuse_ended(before)
    changed = item_changes.changed_item(world, params, found)
    rest = [changed if each["id"] == item else each for each in before["items"]["data"]]
    _replace(world, params, before, rest)
    return _find(world, item)[1]


def delete(world: World, params: Params, *, item: str) -> Obj:
    before, _ = _find(world, item)
    refuse_ended(before)
    params.flag("clear_usage")
    rest = [each for each in before["items"]["data"] if each["id"] != item]
    if not rest:
        message = "A subscription must have at least one active plan."
        raise InvalidRequestError(message=message)
    _replace(world, params, before, rest)
    return {"id": item, "object": "subscription_item", "deleted": True}


def _replace(world: World, params: Params, before: Obj, rest: list[Obj]) -> None:
    fields = {"items": item_changes.relisted(before, rest)}
    change = item_changes.read_change(world, params, fields=fields)
    updating.change_subscription(world, before, change)


def _find(world: World, item_id: str) -> tuple[Obj, Obj]:
    for subscription in world.newest_first("subscription"):
        for item in subscription["items"]["data"]:
            if item["id"] == item_id:
                return subscription, item
    raise no_such(kind="subscription_item", object_id=item_id, param="item")


def index(world: World, params: Params) -> Obj:
    name = params.need_text("subscription")
    subscription = world.need("subscription", name, param="subscription")
    return paged(subscription["items"]["data"], params, url=URL)


ROUTES = (
    Route("POST", URL, create),
    Route("GET", URL, index),
    Route("GET", URL + "/{item}", retrieve),
    Route("POST", URL + "/{item}", update),
    Route("DELETE", URL + "/{item}", delete),
)
