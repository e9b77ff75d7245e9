"""Disputes: read, answered, accepted. A bank opens them: a test card, or `/_sandbox/disputes`."""

from __future__ import annotations

from prunella_sandbox.billing import disputing
from prunella_sandbox.events import emit
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
    submits = params.flag("submit") is not False
    after = world.update(before, metadata=params.metadata(over=before["metadata"]))
    if params.has("evidence"):
        sent = params.nested("evidence")
        evidence = sent.given(sent.text, *disputing.TEXTS, *disputing.FILES)
        return disputing.answer(world, after, evidence=evidence, submits=submits)
    emit(world, "charge.dispute.updated", after, before=before)
    return after


def close(world: World, _params: Params, *, dispute: str) -> Obj:
    return disputing.close(world, world.need("dispute", dispute))


def index(world: World, params: Params) -> Obj:
    return page(world, "dispute", params, url=URL, equal=("charge", "payment_intent"))


ROUTES = (
    Route("GET", URL, index),
    Route("GET", URL + "/{dispute}", retrieve),
    Route("POST", URL + "/{dispute}", update),
    Route("POST", URL + "/{dispute}/close", close),
)
