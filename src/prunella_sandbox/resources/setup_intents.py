"""Setup intents."""

from __future__ import annotations

from typing import Any

from prunella_sandbox.billing import setups
from prunella_sandbox.billing.intents import CANCELABLE, unexpected_state
from prunella_sandbox.errors import InvalidRequestError
from prunella_sandbox.lists import page
from prunella_sandbox.params import Params
from prunella_sandbox.resources import payment_methods
from prunella_sandbox.routes import Route
from prunella_sandbox.settlement import carry_on
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/setup_intents"
REASONS = ("abandoned", "duplicate", "requested_by_customer")


def create(world: World, params: Params) -> Obj:
    customer = params.text("customer")
    if customer:
        world.need("customer", customer, param="customer")
    method = params.text("payment_method")
    _accept_card_only(params)
    setup = setups.open_setup(
        world,
        automatic_payment_methods=_automatic(params),
        customer=customer,
        payment_method=payment_methods.usable(world, method)["id"] if method else None,
        usage=params.choice("usage", ("off_session", "on_session")) or "off_session",
        **_details(params, metadata={}),
    )
    return_url = params.text("return_url")
    return _confirm(world, setup, return_url=return_url) if params.flag("confirm") else setup


def _accept_card_only(params: Params) -> None:
    if set(params.texts("payment_method_types")) - {"card", "link"}:
        message = "The sandbox knows card only."
        raise params.invalid(name="payment_method_types", message=message)


def _automatic(params: Params) -> Obj | None:
    if not params.has("automatic_payment_methods"):
        return None
    sent = params.nested("automatic_payment_methods")
    redirects = sent.text("allow_redirects") or "always"
    return {"allow_redirects": redirects, "enabled": bool(sent.flag("enabled"))}


def _details(params: Params, *, metadata: dict[str, str]) -> dict[str, Any]:
    return {
        **params.given(params.text, "description"),
        "metadata": params.metadata(over=metadata),
    }


def _confirm(world: World, setup: Obj, *, return_url: str | None) -> Obj:
    method = world.find("payment_method", setup["payment_method"])
    if method is None:
        message = (
            "You cannot confirm this SetupIntent because it's missing a payment method. Update "
            "the SetupIntent with a payment method and then confirm it again."
        )
        raise InvalidRequestError(message=message, code="setup_intent_unexpected_state")
    setup = world.update(setup, _return_url=return_url or setup["_return_url"])
    tried = carry_on(world, setups.attempt(world, setup, method=method))
    if tried["status"] == "requires_payment_method":
        raise setups.declined(world, tried)
    return tried


def confirm(world: World, params: Params, *, setup_intent: str) -> Obj:
    setup = world.need("setup_intent", setup_intent)
    if setup["status"] not in CANCELABLE:
        raise unexpected_state(setup, "confirmed", CANCELABLE)
    method = params.text("payment_method")
    if method:
        setup = world.update(setup, payment_method=payment_methods.usable(world, method)["id"])
    return _confirm(world, setup, return_url=params.text("return_url"))


def update(world: World, params: Params, *, setup_intent: str) -> Obj:
    before = world.need("setup_intent", setup_intent)
    changes = _details(params, metadata=before["metadata"])
    method = params.text("payment_method")
    if method:
        chosen = payment_methods.usable(world, method)["id"]
        changes |= {"payment_method": chosen, "status": "requires_confirmation"}
    return world.update(before, **changes)


def cancel(world: World, params: Params, *, setup_intent: str) -> Obj:
    setup = world.need("setup_intent", setup_intent)
    reason = params.choice("cancellation_reason", REASONS)
    return setups.cancel(world, setup, reason=reason)


def retrieve(world: World, params: Params, *, setup_intent: str) -> Obj:
    params.text("client_secret")
    return world.need("setup_intent", setup_intent)


def index(world: World, params: Params) -> Obj:
    return page(world, "setup_intent", params, url=URL, equal=("customer", "payment_method"))


ROUTES = (
    Route("POST", URL, create),
    Route("GET", URL, index),
    Route("GET", URL + "/{setup_intent}", retrieve),
    Route("POST", URL + "/{setup_intent}", update),
    Route("POST", URL + "/{setup_intent}/confirm", confirm),
    Route("POST", URL + "/{setup_intent}/cancel", cancel),
)
