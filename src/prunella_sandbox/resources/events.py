"""Events, to be read again for 30 days."""

from __future__ import annotations

import fnmatch

from prunella_sandbox.lists import page
from prunella_sandbox.params import Params
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/events"


def retrieve(world: World, _params: Params, *, event: str) -> Obj:
    return world.need("event", event)


def index(world: World, params: Params) -> Obj:
    pattern, kinds = params.text("type"), params.texts("types")
    delivered = params.flag("delivery_success")

    def is_wanted(event: Obj) -> bool:
        if pattern and not fnmatch.fnmatchcase(event["type"], pattern):
            return False
        if delivered is not None and delivered != (event["pending_webhooks"] == 0):
            return False
        return not kinds or event["type"] in kinds

    return page(world, "event", params, url=URL, where=is_wanted)


ROUTES = (
    Route("GET", URL, index),
    Route("GET", URL + "/{event}", retrieve),
)
