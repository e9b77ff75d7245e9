"""Setup intents: storing a card for later, with the bank's consent where it wants to be asked."""

from __future__ import annotations

from typing import Any

from prunella_sandbox.billing.intents import CANCELABLE, unexpected_state
from prunella_sandbox.billing.stored_cards import attached, card_of
from prunella_sandbox.declines import Decline
from prunella_sandbox.errors import DOCS, CardDeclinedError
from prunella_sandbox.events import emit
from prunella_sandbox.links import authentication_url
from prunella_sandbox.rendering import shown
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

AUTHENTICATION_FAILED = {
    "code": "setup_intent_authentication_failure",
    "doc_url": f"{DOCS}setup-intent-authentication-failure",
    "message": (
        "The latest attempt to set up the payment method has failed because authentication failed."
    ),
    "type": "invalid_request_error",
}
_EMPTY = (
    "application",
    "automatic_payment_methods",
    "cancellation_reason",
    "customer",
    "customer_account",
    "description",
    "excluded_payment_method_types",
    "flow_directions",
    "last_setup_error",
    "latest_attempt",
    "mandate",
    "next_action",
    "on_behalf_of",
    "payment_method",
    "payment_method_configuration_details",
    "single_use_mandate",
    "_return_url",
    "_session",
)


def open_setup(world: World, **details: Any) -> Obj:
    setup_id = world.new_id("setup_intent")
    known = dict.fromkeys(_EMPTY) | {
        "id": setup_id,
        "client_secret": f"{setup_id}_secret_{world.new_secret()}",
        "livemode": False,
        "metadata": {},
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "status": "requires_payment_method",
        "usage": "off_session",
    }
    given = known | details
    if given["payment_method"]:
        given["status"] = "requires_confirmation"
    setup = world.insert("setup_intent", **given)
    emit(world, "setup_intent.created", setup)
    return setup


def attempt(world: World, setup: Obj, *, method: Obj, is_authenticated: bool = False) -> Obj:
    """Try to store the card, and return the intent as it stands then."""
    if world.fresh(setup)["status"] not in CANCELABLE:
        raise unexpected_state(world.fresh(setup), "confirmed", CANCELABLE)
    card = card_of(method)
    if card.at_attach:
        return _refuse(world, setup, method, card.at_attach)
    if card.authentication != "never" and not is_authenticated:
        return _ask(world, setup, method)
    return _keep(world, setup, method)


def _ask(world: World, setup: Obj, method: Obj) -> Obj:
    redirect = {"return_url": setup["_return_url"], "url": authentication_url(world, setup)}
    asked = world.update(
        setup,
        last_setup_error=None,
        next_action={"redirect_to_url": redirect, "type": "redirect_to_url"},
        payment_method=method["id"],
        status="requires_action",
    )
    emit(world, "setup_intent.requires_action", asked)
    return asked


def _refuse(world: World, setup: Obj, method: Obj, refusal: Decline) -> Obj:
    known = {
        "advice_code": refusal.advice_code,
        "code": refusal.code,
        "decline_code": refusal.decline_code,
        "doc_url": DOCS + refusal.code.replace("_", "-"),
        "message": refusal.message,
        "type": "card_error",
    }
    error = {name: value for name, value in known.items() if value}
    return _failed(world, setup, method, error)


def _failed(world: World, setup: Obj, method: Obj, error: Obj) -> Obj:
    failed = world.update(
        setup,
        last_setup_error=error | {"payment_method": shown(world, method)},
        next_action=None,
        payment_method=None,
        status="requires_payment_method",
    )
    emit(world, "setup_intent.setup_failed", failed)
    return failed


def _keep(world: World, setup: Obj, method: Obj) -> Obj:
    method = world.update(method, _is_set_up=True)
    customer = world.find("customer", setup["customer"])
    if customer:
        attached(world, method["id"], customer=customer)
    kept = world.update(
        setup,
        last_setup_error=None,
        next_action=None,
        payment_method=method["id"],
        status="succeeded",
    )
    emit(world, "setup_intent.succeeded", kept)
    return kept


def answer_challenge(world: World, setup: Obj, *, ok: bool) -> Obj:
    if setup["status"] != "requires_action":
        raise unexpected_state(setup, "authenticated", ("requires_action",))
    method = world.need("payment_method", setup["payment_method"])
    if ok:
        return attempt(world, setup, method=method, is_authenticated=True)
    return _failed(world, setup, method, AUTHENTICATION_FAILED)


def cancel(world: World, setup: Obj, *, reason: str | None) -> Obj:
    if setup["status"] not in CANCELABLE:
        raise unexpected_state(setup, "canceled", CANCELABLE)
    canceled = world.update(setup, cancellation_reason=reason, next_action=None, status="canceled")
    emit(world, "setup_intent.canceled", canceled)
    return canceled


def declined(world: World, setup: Obj) -> CardDeclinedError:
    error = setup["last_setup_error"]
    names = ("advice_code", "decline_code", "payment_method")
    extra = {name: error[name] for name in names if name in error}
    return CardDeclinedError(
        message=error["message"],
        code=error["code"],
        extra=extra | {"setup_intent": shown(world, setup)},
    )
