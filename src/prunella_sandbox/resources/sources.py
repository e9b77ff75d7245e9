"""A customer's sources: cards in the older shape; the first one is charged by default."""

from __future__ import annotations

from prunella_sandbox.billing.stored_cards import refused, store_card
from prunella_sandbox.cards import card_of_name
from prunella_sandbox.errors import no_such
from prunella_sandbox.events import emit
from prunella_sandbox.legacy_cards import as_source, is_source
from prunella_sandbox.lists import paged
from prunella_sandbox.params import Params
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/customers/{customer}/sources"


def create(world: World, params: Params, *, customer: str) -> Obj:
    owner = world.need("customer", customer)
    token = params.need_text("source")
    card = card_of_name(token)
    if card is None:
        raise params.invalid(name="source", message=f"No such token: '{token}'")
    if card.at_attach:
        raise refused(card.at_attach)
    source = store_card(world, card, kind="card", metadata=params.metadata())
    source = world.update(source, customer=customer)
    emit(world, "customer.source.created", as_source(source))
    if not owner["default_source"]:
        after = world.update(owner, default_source=source["id"])
        emit(world, "customer.updated", after, before=owner)
    return as_source(source)


def _source(world: World, customer: str, source: str) -> Obj:
    found = world.find("payment_method", source)
    if found is None or not is_source(found) or found["customer"] != customer:
        raise no_such(kind="source", object_id=source, param=None)
    return found


def retrieve(world: World, _params: Params, *, customer: str, source: str) -> Obj:
    return as_source(_source(world, customer, source))


def update(world: World, params: Params, *, customer: str, source: str) -> Obj:
    before = _source(world, customer, source)
    dates = params.given(params.integer, "exp_month", "exp_year")
    metadata = params.metadata(over=before["metadata"])
    after = world.update(before, card=before["card"] | dates, metadata=metadata)
    emit(world, "customer.source.updated", as_source(after), before=as_source(before))
    return as_source(after)


def delete(world: World, _params: Params, *, customer: str, source: str) -> Obj:
    before = _source(world, customer, source)
    world.update(before, customer=None)
    emit(world, "customer.source.deleted", as_source(before))
    owner = world.need("customer", customer)
    if owner["default_source"] == source:
        rest = [m["id"] for m in _all(world, customer)]
        after = world.update(owner, default_source=rest[0] if rest else None)
        emit(world, "customer.updated", after, before=owner)
    return {"id": source, "object": "card", "deleted": True}


def _all(world: World, customer: str) -> list[Obj]:
    methods = world.newest_first_of("payment_method", "customer", customer)
    return [method for method in methods if is_source(method)]


def index(world: World, params: Params, *, customer: str) -> Obj:
    world.need("customer", customer)
    params.text("object")
    found = [as_source(method) for method in _all(world, customer)]
    return paged(found, params, url=f"/v1/customers/{customer}/sources")


ROUTES = (
    Route("POST", URL, create),
    Route("GET", URL, index),
    Route("GET", URL + "/{source}", retrieve),
    Route("POST", URL + "/{source}", update),
    Route("DELETE", URL + "/{source}", delete),
)
