"""Payment methods: cards, stored with a customer or not.

`metadata[sandbox_decline]=<code>` makes every charge of a card fail with this code (and
`sandbox_decline_advice` sets its advice code); removing it lets the next charge pass.
"""

from __future__ import annotations

from typing import Any

from prunella_sandbox.billing.stored_cards import (
    CardEntry,
    attached,
    card_of,
    enter_card,
    read_billing_details,
    refusal_when_charged,
    refused,
    store_card,
    usable,
)
from prunella_sandbox.cards import card_of_name
from prunella_sandbox.errors import InvalidRequestError
from prunella_sandbox.events import emit
from prunella_sandbox.lists import page
from prunella_sandbox.params import Params
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/payment_methods"


def create(world: World, params: Params) -> Obj:
    if params.need_text("type") != "card":
        raise params.invalid(
            name="type", message="The sandbox knows payment methods of type card only."
        )
    return _from_params(world, params)


def _from_params(world: World, params: Params) -> Obj:
    sent = params.nested("card")
    details = read_billing_details(params.nested("billing_details"))
    metadata = params.metadata()
    token = sent.text("token")
    if token:
        known = card_of_name(token)
        if known is None:
            raise sent.invalid(name="token", message=f"No such token: '{token}'")
        return store_card(world, known, billing_details=details, metadata=metadata)
    entry = CardEntry(
        number=sent.need_text("number"),
        exp_month=sent.need_integer("exp_month"),
        exp_year=sent.need_integer("exp_year"),
        cvc=sent.text("cvc"),
    )
    return enter_card(world, entry, billing_details=details, metadata=metadata)


def of_customer(world: World, name: str, *, customer: Obj, param: str = "payment_method") -> Obj:
    """Find a PaymentMethod that belongs to this customer.

    Raises:
        InvalidRequestError: it belongs to nobody or to somebody else.
    """
    if card_of_name(name):
        return attached(world, name, customer=customer)
    method = world.need("payment_method", name, param=param)
    if method["customer"] != customer["id"]:
        message = (
            f"The customer does not have a payment method with the ID {method['id']}. The payment "
            "method must be attached to the customer."
        )
        raise InvalidRequestError(message=message, code="resource_missing", param=param)
    return method


def attach(world: World, params: Params, *, payment_method: str) -> Obj:
    customer = world.need("customer", params.need_text("customer"), param="customer")
    return attached(world, payment_method, customer=customer)


def detach(world: World, _params: Params, *, payment_method: str) -> Obj:
    method = world.need("payment_method", payment_method)
    if not method["customer"]:
        message = (
            "The payment method you provided is not attached to a customer so detachment is "
            "impossible."
        )
        raise InvalidRequestError(message=message)
    return detach_from_customer(world, method)


def detach_from_customer(world: World, method: Obj) -> Obj:
    owner = world.find("customer", method["customer"])
    if owner and not owner.get("deleted"):
        _forget_default(world, owner, method["id"])
    detached = world.update(method, customer=None)
    emit(world, "payment_method.detached", detached, before=method)
    return detached


def _forget_default(world: World, customer: Obj, method_id: str) -> None:
    chosen = customer["invoice_settings"]
    if chosen["default_payment_method"] == method_id:
        without = world.update(customer, invoice_settings=chosen | {"default_payment_method": None})
        emit(world, "customer.updated", without, before=customer)


def retrieve(world: World, _params: Params, *, payment_method: str) -> Obj:
    return world.need("payment_method", payment_method)


def update(world: World, params: Params, *, payment_method: str) -> Obj:
    before = world.need("payment_method", payment_method)
    sent = params.nested("card")
    dates = sent.given(sent.integer, "exp_month", "exp_year")
    changes: dict[str, Any] = {"metadata": params.metadata(over=before["metadata"])}
    if params.has("billing_details"):
        changes["billing_details"] = read_billing_details(params.nested("billing_details"))
    if dates:
        changes["card"] = before["card"] | dates
    changed = world.update(before, **changes)
    emit(world, "payment_method.updated", changed, before=before)
    return changed


def index(world: World, params: Params) -> Obj:
    return page(world, "payment_method", params, url=URL, equal=("customer", "type"))


ROUTES = (
    Route("POST", URL, create),
    Route("GET", URL, index),
    Route("GET", URL + "/{payment_method}", retrieve),
    Route("POST", URL + "/{payment_method}", update),
    Route("POST", URL + "/{payment_method}/attach", attach),
    Route("POST", URL + "/{payment_method}/detach", detach),
)

__all__ = [
    "ROUTES",
    "CardEntry",
    "attached",
    "card_of",
    "detach_from_customer",
    "enter_card",
    "of_customer",
    "refusal_when_charged",
    "refused",
    "store_card",
    "usable",
]
