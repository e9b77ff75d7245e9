"""Customers."""

from __future__ import annotations

from typing import Any

from prunella_sandbox.billing import canceling
from prunella_sandbox.billing.registering import TEXTS, register
from prunella_sandbox.events import emit
from prunella_sandbox.lists import page
from prunella_sandbox.params import Params
from prunella_sandbox.resources import payment_methods
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/customers"
ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")
ENDED = {"canceled", "incomplete_expired"}


def create(world: World, params: Params) -> Obj:
    clock = params.text("test_clock")
    if clock:
        world.need("test_helpers.test_clock", clock, param="test_clock")
    prefix = params.given(params.text, "invoice_prefix")
    details = _details(params, metadata={})
    customer = register(world, test_clock=clock, **prefix, **details)
    method = params.text("payment_method")
    if method:
        payment_methods.attached(world, method, customer=customer)
        customer = _with_invoice_settings(world, customer, params)
    elif params.has("invoice_settings"):
        customer = _with_invoice_settings(world, customer, params)
    emit(world, "customer.created", customer)
    return customer


def retrieve(world: World, _params: Params, *, customer: str) -> Obj:
    return world.find("customer", customer) or world.need("customer", customer)


def update(world: World, params: Params, *, customer: str) -> Obj:
    before = world.need("customer", customer)
    details = _details(params, metadata=before["metadata"])
    details |= params.given(params.text, "invoice_prefix")
    details |= params.given(params.integer, "next_invoice_sequence")
    changed = world.update(before, **details)
    source = params.text("default_source")
    if source:
        world.need("payment_method", source, param="default_source")
        changed = world.update(changed, default_source=source)
    changed = _with_invoice_settings(world, changed, params)
    emit(world, "customer.updated", changed, before=before)
    return changed


def delete(world: World, _params: Params, *, customer: str) -> Obj:
    before = world.need("customer", customer)
    for subscription in world.newest_first_of("subscription", "customer", customer):
        if subscription["status"] not in ENDED:
            canceling.cancel(world, subscription, reason=None)
    for method in world.newest_first_of("payment_method", "customer", customer):
        payment_methods.detach_from_customer(world, method)
    emit(world, "customer.deleted", before)
    gone = {"id": customer, "object": "customer", "deleted": True}
    world.store.put("customer", customer, gone)
    return gone


def index(world: World, params: Params) -> Obj:
    return page(world, "customer", params, url=URL, equal=("email",))


def methods(world: World, params: Params, *, customer: str) -> Obj:
    world.need("customer", customer)
    return page(
        world,
        "payment_method",
        params,
        url=f"{URL}/{customer}/payment_methods",
        equal=("type",),
        among=world.newest_first_of("payment_method", "customer", customer),
    )


def method(world: World, _params: Params, *, customer: str, payment_method: str) -> Obj:
    found = world.need("payment_method", payment_method)
    if found["customer"] != customer:
        return world.need("payment_method", "")
    return found


def _details(params: Params, *, metadata: dict[str, str]) -> dict[str, Any]:
    return {
        **params.given(params.text, *TEXTS),
        **params.given(params.texts, "preferred_locales"),
        **params.given(lambda name: read_address(params.nested(name)), "address"),
        **params.given(lambda name: _shipping(params.nested(name)), "shipping"),
        **params.given(lambda name: params.text(name) or "none", "tax_exempt"),
        "metadata": params.metadata(over=metadata),
    }


def read_address(params: Params) -> dict[str, str | None]:
    return {name: params.text(name) for name in ADDRESS}


def _shipping(params: Params) -> Obj:
    return {
        "address": read_address(params.nested("address")),
        "name": params.text("name"),
        "phone": params.text("phone"),
    }


def _with_invoice_settings(world: World, customer: Obj, params: Params) -> Obj:
    sent = params.nested("invoice_settings")
    changes = sent.given(sent.text, "default_payment_method", "footer")
    chosen = changes.get("default_payment_method")
    if chosen:
        method = payment_methods.of_customer(world, chosen, customer=customer)
        changes["default_payment_method"] = method["id"]
    if not changes:
        return customer
    return world.update(customer, invoice_settings=customer["invoice_settings"] | changes)


ROUTES = (
    Route("POST", URL, create),
    Route("GET", URL, index),
    Route("GET", URL + "/{customer}", retrieve),
    Route("POST", URL + "/{customer}", update),
    Route("DELETE", URL + "/{customer}", delete),
    Route("GET", URL + "/{customer}/payment_methods", methods),
    Route("GET", URL + "/{customer}/payment_methods/{payment_method}", method),
)
