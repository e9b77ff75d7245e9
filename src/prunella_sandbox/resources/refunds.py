"""Refunds."""

from __future__ import annotations

from prunella_sandbox.billing import refunding
from prunella_sandbox.errors import InvalidRequestError
from prunella_sandbox.events import emit
from prunella_sandbox.lists import page
from prunella_sandbox.params import Params
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/refunds"
REASONS = ("duplicate", "fraudulent", "requested_by_customer")


def create(world: World, params: Params) -> Obj:
    return refunding.refund(
        world,
        _charge(world, params),
        amount=params.integer("amount"),
        reason=params.choice("reason", REASONS),
        metadata=params.metadata(),
    )


def _charge(world: World, params: Params) -> Obj:
    charge, intent_id = params.text("charge"), params.text("payment_intent")
    if charge:
        found = world.need("charge", charge, param="charge")
        if intent_id and found["payment_intent"] != intent_id:
            raise params.invalid(name="charge", message="It is not of this PaymentIntent.")
        return found
    if not intent_id:
        raise params.missing(name="charge")
    intent = world.need("payment_intent", intent_id, param="payment_intent")
    if intent["status"] != "succeeded":
        message = f"This PaymentIntent ({intent_id}) does not have a successful charge to refund."
        raise InvalidRequestError(message=message, param="payment_intent")
    return world.need("charge", intent["latest_charge"])


def retrieve(world: World, _params: Params, *, refund: str) -> Obj:
    return world.need("refund", refund)


def update(world: World, params: Params, *, refund: str) -> Obj:
    before = world.need("refund", refund)
    after = world.update(before, metadata=params.metadata(over=before["metadata"]))
    emit(world, "refund.updated", after, before=before)
    wish = after["metadata"].get("sandbox_refund")
    ends = wish in refunding.ENDS and before["metadata"].get("sandbox_refund") != wish
    return refunding.end(world, after, str(wish)) if ends else after


def cancel(world: World, _params: Params, *, refund: str) -> Obj:
    return refunding.cancel(world, world.need("refund", refund))


def index(world: World, params: Params) -> Obj:
    return page(world, "refund", params, url=URL, equal=("charge", "payment_intent"))


ROUTES = (
    Route("POST", URL, create),
    Route("GET", URL, index),
    Route("GET", URL + "/{refund}", retrieve),
    Route("POST", URL + "/{refund}", update),
    Route("POST", URL + "/{refund}/cancel", cancel),
)
