"""Payment intents."""

from __future__ import annotations

from typing import Any

from prunella_sandbox.billing import capturing, intents
from prunella_sandbox.errors import InvalidRequestError
from prunella_sandbox.lists import page
from prunella_sandbox.params import Params
from prunella_sandbox.resources import payment_methods
from prunella_sandbox.routes import Route
from prunella_sandbox.settlement import carry_on, keep_card
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/payment_intents"
CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
_FIXED = {"amount", "capture_method", "payment_method"}
"""What stays as it is once the bank was asked."""
REASONS = ("abandoned", "duplicate", "fraudulent", "requested_by_customer")
CAPTURE_METHODS = ("automatic", "automatic_async", "manual")
MAX_AMOUNT = 99_999_999


def create(world: World, params: Params) -> Obj:
    customer = _customer(world, params)
    method = _method(world, params, customer=customer)
    _accept_card_only(params)
    details = _details(params, metadata={})
    intent = intents.open_intent(
        world,
        amount=_amount(params),
        currency=params.need_text("currency").lower(),
        customer=customer["id"] if customer else None,
        payment_method=method["id"] if method else None,
        automatic_payment_methods=_automatic(params),
        **details,
    )
    options = _attempt_options(params)
    return _confirm(world, intent, **options) if params.flag("confirm") else intent


def _amount(params: Params) -> int:
    amount = params.need_integer("amount")
    if not 1 <= amount <= MAX_AMOUNT:
        raise params.invalid(
            name="amount", message="This value must be greater than or equal to 1."
        )
    return amount


def _customer(world: World, params: Params) -> Obj | None:
    name = params.text("customer")
    return world.need("customer", name, param="customer") if name else None


def _method(world: World, params: Params, *, customer: Obj | None) -> Obj | None:
    name = params.text("payment_method")
    if not name:
        return None
    method = payment_methods.usable(world, name)
    if method["customer"] and (customer is None or method["customer"] != customer["id"]):
        message = (
            f"The provided PaymentMethod ({method['id']}) belongs to a Customer. Please include "
            "the Customer in the `customer` parameter on the PaymentIntent."
        )
        raise InvalidRequestError(message=message, param="payment_method")
    return method


def _accept_card_only(params: Params) -> None:
    kinds = params.texts("payment_method_types")
    if set(kinds) - {"card", "link"}:
        raise params.invalid(name="payment_method_types", message="The sandbox knows card only.")


def _automatic(params: Params) -> Obj | None:
    if not params.has("automatic_payment_methods"):
        return None
    sent = params.nested("automatic_payment_methods")
    known = {"allow_redirects": sent.text("allow_redirects") or "always"}
    return known | {"enabled": bool(sent.flag("enabled"))}


def _details(params: Params, *, metadata: dict[str, str]) -> dict[str, Any]:
    return {
        **params.given(
            params.text,
            "description",
            "receipt_email",
            "setup_future_usage",
            "statement_descriptor",
            "statement_descriptor_suffix",
        ),
        "metadata": params.metadata(over=metadata),
        **_capture_method(params),
    }


def _capture_method(params: Params) -> dict[str, str]:
    """When nothing is said, Stripe takes the money at once."""
    chosen = params.choice("capture_method", CAPTURE_METHODS)
    return {"capture_method": chosen} if chosen else {}


def _attempt_options(params: Params) -> dict[str, Any]:
    return {
        "off_session": params.text("off_session") not in {None, "false"},
        "return_url": params.text("return_url"),
        "may_ask": not params.flag("error_on_requires_action"),
    }


def _confirm(
    world: World, intent: Obj, *, off_session: bool, return_url: str | None, may_ask: bool
) -> Obj:
    method = world.find("payment_method", intent["payment_method"])
    if method is None:
        message = (
            "You cannot confirm this PaymentIntent because it's missing a payment method. Update "
            "the PaymentIntent with a payment method and then confirm it again."
        )
        raise InvalidRequestError(message=message, code="payment_intent_unexpected_state")
    intent = world.update(intent, _return_url=return_url or intent["_return_url"])
    tried = intents.attempt(
        world, intent, method=method, off_session=off_session, may_ask=may_ask and not off_session
    )
    tried = carry_on(world, tried)
    if tried["status"] == "requires_payment_method":
        raise intents.declined(world, tried)
    keep_card(world, tried)
    return tried


def confirm(world: World, params: Params, *, payment_intent: str) -> Obj:
    intent = world.need("payment_intent", payment_intent)
    if intent["status"] not in CONFIRMABLE:
        raise intents.unexpected_state(intent, "confirmed", CONFIRMABLE)
    customer = world.find("customer", intent["customer"])
    method = _method(world, params, customer=customer)
    changes = params.given(params.text, "receipt_email", "setup_future_usage")
    if method:
        changes["payment_method"] = method["id"]
    options = _attempt_options(params)
    return _confirm(world, world.update(intent, **changes), **options)


def update(world: World, params: Params, *, payment_intent: str) -> Obj:
    before = world.need("payment_intent", payment_intent)
    customer = world.find("customer", before["customer"]) or _customer(world, params)
    changes = _details(params, metadata=before["metadata"])
    changes |= {"customer": customer["id"] if customer else None}
    method = _method(world, params, customer=customer)
    if method:
        changes |= {"payment_method": method["id"], "status": "requires_confirmation"}
    if params.has("amount"):
        changes["amount"] = _amount(params)
    if before["status"] not in CONFIRMABLE and _FIXED & changes.keys():
        raise intents.unexpected_state(before, "updated", CONFIRMABLE)
    # Any update clears the last error; the charge remains as evidence.
    return world.update(before, last_payment_error=None, **changes)


def cancel(world: World, params: Params, *, payment_intent: str) -> Obj:
    intent = world.need("payment_intent", payment_intent)
    reason = params.choice("cancellation_reason", REASONS)
    if intent["_invoice"]:
        message = "You cannot cancel the PaymentIntent of an invoice. Void the invoice instead."
        raise InvalidRequestError(message=message, code="payment_intent_unexpected_state")
    if intent["status"] == capturing.HELD:
        return capturing.cancel(world, intent, reason=reason)
    return intents.cancel(world, intent, reason=reason)


def capture(world: World, params: Params, *, payment_intent: str) -> Obj:
    intent = world.need("payment_intent", payment_intent)
    amount = params.integer("amount_to_capture")
    if params.flag("final_capture") is False:
        message = "This PaymentIntent cannot be captured more than once."
        raise params.invalid(name="final_capture", message=message)
    intent = world.update(intent, metadata=params.metadata(over=intent["metadata"]))
    return capturing.capture(world, intent, amount=amount)


def retrieve(world: World, params: Params, *, payment_intent: str) -> Obj:
    params.text("client_secret")
    return world.need("payment_intent", payment_intent)


def index(world: World, params: Params) -> Obj:
    return page(world, "payment_intent", params, url=URL, equal=("customer",))


ROUTES = (
    Route("POST", URL, create),
    Route("GET", URL, index),
    Route("GET", URL + "/{payment_intent}", retrieve),
    Route("POST", URL + "/{payment_intent}", update),
    Route("POST", URL + "/{payment_intent}/confirm", confirm),
    Route("POST", URL + "/{payment_intent}/cancel", cancel),
    Route("POST", URL + "/{payment_intent}/capture", capture),
)
