"""Charges: read, and described; money moves through payment intents and refunds."""

from __future__ import annotations

from prunella_sandbox.events import emit
from prunella_sandbox.lists import page
from prunella_sandbox.params import Params
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/charges"


def retrieve(world: World, _params: Params, *, charge: str) -> Obj:
    return world.need("charge", charge)


def update(world: World, params: Params, *, charge: str) -> Obj:
    before = world.need("charge", charge)
    changes = params.given(params.text, "description", "receipt_email")
    after = world.update(before, metadata=params.metadata(over=before["metadata"]), **changes)
    emit(world, "charge.updated", after, before=before)
    return after


def index(world: World, params: Params) -> Obj:
    return page(world, "charge", params, url=URL, equal=("customer", "payment_intent"))


ROUTES = (
    Route("GET", URL, index),
    Route("GET", URL + "/{charge}", retrieve),
    Route("POST", URL + "/{charge}", update),
)
