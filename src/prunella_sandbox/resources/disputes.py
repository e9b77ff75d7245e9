"""Disputes: read and annotated. A bank opens them: a test card, or `/_sandbox/disputes`."""

from __future__ import annotations

from prunella_sandbox.lists import page
from prunella_sandbox.params import Params
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/disputes"


def retrieve(world: World, _params: Params, *, dispute: str) -> Obj:
    return world.need("dispute", dispute)


def update(world: World, params: Params, *, dispute: str) -> Obj:
    before = world.need("dispute", dispute)
    return world.update(before, metadata=params.metadata(over=before["metadata"]))


def index(world: World, params: Params) -> Obj:
    return page(world, "dispute", params, url=URL, equal=("charge", "payment_intent"))


ROUTES = (
    Route("GET", URL, index),
    Route("GET", URL + "/{dispute}", retrieve),
    Route("POST", URL + "/{dispute}", update),
)
