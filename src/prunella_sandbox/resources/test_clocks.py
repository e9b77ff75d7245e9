"""Test clocks: a time of their own for some customers."""

from __future__ import annotations

from prunella_sandbox.events import emit
from prunella_sandbox.lists import page
from prunella_sandbox.own_time import KIND
from prunella_sandbox.params import Params
from prunella_sandbox.resources import customers
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/test_helpers/test_clocks"
KEPT_SECONDS = 30 * 24 * 3600
DONE = {"advancing": None}


def create(world: World, params: Params) -> Obj:
    now = world.clock.unix()
    clock = world.insert(
        KIND,
        deletes_after=now + KEPT_SECONDS,
        frozen_time=params.need_integer("frozen_time"),
        livemode=False,
        name=params.text("name"),
        status="ready",
        status_details=DONE,
    )
    emit(world, "test_helpers.test_clock.created", clock)
    return clock


def retrieve(world: World, _params: Params, *, test_clock: str) -> Obj:
    return world.need(KIND, test_clock)


def advance(world: World, params: Params, *, test_clock: str) -> Obj:
    """Begin to advance; the clock is ready again with the next request or second."""
    before = world.need(KIND, test_clock)
    target = params.need_integer("frozen_time")
    if before["status"] != "ready":
        raise params.invalid(name="frozen_time", message="The test clock is still advancing.")
    if target <= before["frozen_time"]:
        message = "The test clock can only be advanced to a time after its present one."
        raise params.invalid(name="frozen_time", message=message)
    details = {"advancing": {"target_frozen_time": target}}
    advancing = world.update(before, status="advancing", status_details=details)
    world.agenda.arm("test_clock", test_clock, at=world.clock.now())
    emit(world, "test_helpers.test_clock.advancing", advancing)
    return advancing


def delete(world: World, params: Params, *, test_clock: str) -> Obj:
    """Delete a clock with the customers that live by it."""
    before = world.need(KIND, test_clock)
    world.agenda.disarm("test_clock", test_clock)
    for customer in list(world.newest_first("customer")):
        if customer.get("test_clock") == test_clock:
            customers.delete(world, params, customer=customer["id"])
    emit(world, "test_helpers.test_clock.deleted", before)
    gone = {"id": test_clock, "object": KIND, "deleted": True}
    world.store.put(KIND, test_clock, gone)
    return gone


def index(world: World, params: Params) -> Obj:
    return page(world, KIND, params, url=URL, times=())


ROUTES = (
    Route("POST", URL, create),
    Route("GET", URL, index),
    Route("GET", URL + "/{test_clock}", retrieve),
    Route("DELETE", URL + "/{test_clock}", delete),
    Route("POST", URL + "/{test_clock}/advance", advance),
)
