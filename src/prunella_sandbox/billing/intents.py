"""Payment intents: one payment and all tries to make it."""

from __future__ import annotations

from typing import Any

from prunella_sandbox.billing import charges, disputing
from prunella_sandbox.billing.stored_cards import card_of, refusal_when_charged
from prunella_sandbox.declines import Decline, decline
from prunella_sandbox.errors import DOCS, CardDeclinedError, InvalidRequestError
from prunella_sandbox.events import emit
from prunella_sandbox.links import authentication_url
from prunella_sandbox.rendering import shown
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

CANCELABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
DAY, PROCESSING_DAYS = 24 * 3600, 3
AUTHENTICATION_FAILED = {
    "code": "payment_intent_authentication_failure",
    "doc_url": f"{DOCS}payment-intent-authentication-failure",
    "message": (
        "The provided PaymentMethod has failed authentication. You can provide payment_method_data "
        "or a new PaymentMethod to attempt to fulfill this PaymentIntent again."
    ),
    "type": "invalid_request_error",
}
_EMPTY = (
    "application",
    "application_fee_amount",
    "automatic_payment_methods",
    "canceled_at",
    "cancellation_reason",
    "customer",
    "customer_account",
    "description",
    "excluded_payment_method_types",
    "last_payment_error",
    "latest_charge",
    "next_action",
    "on_behalf_of",
    "payment_method",
    "payment_method_configuration_details",
    "processing",
    "receipt_email",
    "review",
    "setup_future_usage",
    "shipping",
    "source",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_data",
    "transfer_group",
    "_invoice",
    "_session",
    "_return_url",
    "_refusal",
)


def open_intent(world: World, *, amount: int, currency: str, **details: Any) -> Obj:
    given = _blank(world) | {"amount": amount, "currency": currency, **details}
    if given["payment_method"]:
        given["status"] = "requires_confirmation"
    intent = world.insert("payment_intent", **given)
    emit(world, "payment_intent.created", intent)
    return intent


def _blank(world: World) -> Obj:
    intent_id = world.new_id("payment_intent")
    return dict.fromkeys(_EMPTY) | {
        "id": intent_id,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "capture_method": "automatic",
        "client_secret": f"{intent_id}_secret_{world.new_secret()}",
        "confirmation_method": "automatic",
        "livemode": False,
        "metadata": {},
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "status": "requires_payment_method",
        "_off_session": False,
    }


def attempt(
    world: World,
    intent: Obj,
    *,
    method: Obj,
    off_session: bool,
    may_ask: bool = True,
    is_authenticated: bool = False,
) -> Obj:
    """Try to take the money, and return the intent as it stands then.

    `may_ask` tells whether a bank that wants authentication leaves the intent waiting for the
    customer; otherwise that is a decline (`authentication_required`).

    Raises:
        InvalidRequestError: the intent is paid or canceled already.
    """
    if world.fresh(intent)["status"] not in CANCELABLE:
        raise unexpected_state(world.fresh(intent), "confirmed", CANCELABLE)
    intent = world.update(intent, _off_session=off_session)
    if not is_authenticated and _wants_authentication(method, off_session=off_session):
        if may_ask:
            return _ask(world, intent, method)
        return _refuse(world, intent, method, decline("authentication_required"))
    refusal = refusal_when_charged(world, method)
    if refusal:
        return _refuse(world, intent, method, refusal)
    if method["metadata"].get("sandbox_processing"):
        return _process(world, intent, method)
    return _take(world, intent, method)


def _wants_authentication(method: Obj, *, off_session: bool) -> bool:
    when = card_of(method).authentication
    if when == "unless_set_up":
        return not (off_session and method["_is_set_up"])
    return when == "always"


def _ask(world: World, intent: Obj, method: Obj) -> Obj:
    redirect = {
        "return_url": intent["_return_url"],
        "url": authentication_url(world, intent),
    }
    asked = world.update(
        intent,
        last_payment_error=None,
        next_action={"redirect_to_url": redirect, "type": "redirect_to_url"},
        payment_method=method["id"],
        status="requires_action",
        _refusal=None,
    )
    emit(world, "payment_intent.requires_action", asked)
    return asked


def _refuse(
    world: World, intent: Obj, method: Obj, refusal: Decline, *, began: Obj | None = None
) -> Obj:
    charge = charges.fail(world, intent, method, refusal, began=began)
    known = {
        "advice_code": refusal.advice_code,
        "charge": charge["id"],
        "code": refusal.code,
        "decline_code": refusal.decline_code,
        "doc_url": DOCS + refusal.code.replace("_", "-"),
        "message": refusal.message,
        "payment_method": shown(world, method),
        "type": "card_error",
    }
    refused = world.update(
        intent,
        last_payment_error={name: value for name, value in known.items() if value},
        latest_charge=charge["id"],
        next_action=None,
        payment_method=None,
        status="requires_payment_method",
        _refusal={"method": method["id"], "is_hard": refusal.is_hard},
    )
    emit(world, "payment_intent.payment_failed", refused)
    return refused


def _take(world: World, intent: Obj, method: Obj, *, began: Obj | None = None) -> Obj:
    if intent["capture_method"] == "manual":
        return _hold(world, intent, method, began=began)
    return taken(world, intent, method, charges.succeed(world, intent, method, began=began))


def _hold(world: World, intent: Obj, method: Obj, *, began: Obj | None) -> Obj:
    """Let the bank hold the money until it is captured, canceled, or seven days have passed."""
    charge = charges.authorize(world, intent, method, began=began)
    world.agenda.arm("authorization", intent["id"], at=charge["created"] + charges.HELD_SECONDS)
    capturable = {"amount_capturable": intent["amount"], "status": "requires_capture"}
    held = _not_refused(world, intent, method, charge, **capturable)
    emit(world, "payment_intent.amount_capturable_updated", held)
    return held


def taken(world: World, intent: Obj, method: Obj, charge: Obj) -> Obj:
    """Note that the money of this charge came."""
    received = {"amount_capturable": 0, "amount_received": charge["amount_captured"]}
    paid = _not_refused(world, intent, method, charge, status="succeeded", **received)
    emit(world, "payment_intent.succeeded", paid)
    card = card_of(method)
    if card.dispute:
        case_type = disputing.INQUIRY if card.is_inquiry else "chargeback"
        disputing.open_dispute(world, charge, reason=card.dispute, case_type=case_type)
    return paid


def _process(world: World, intent: Obj, method: Obj) -> Obj:
    """Let a payment take days, as a debit of a bank account does."""
    charge = charges.begin(world, intent, method)
    at = world.clock.unix() + PROCESSING_DAYS * DAY
    world.agenda.arm("processing", intent["id"], at=at)
    processing = _not_refused(world, intent, method, charge, status="processing")
    emit(world, "payment_intent.processing", processing)
    return processing


def _not_refused(world: World, intent: Obj, method: Obj, charge: Obj, **changes: Any) -> Obj:
    known = {"latest_charge": charge["id"], "payment_method": method["id"]}
    over = {"last_payment_error": None, "next_action": None, "_refusal": None}
    return world.update(intent, **known, **over, **changes)


def end_processing(world: World, intent: Obj) -> Obj:
    """Let a payment that was on its way arrive, or come back (`sandbox_processing=fails`)."""
    method = world.need("payment_method", intent["payment_method"])
    began = world.need("charge", intent["latest_charge"])
    if method["metadata"].get("sandbox_processing") == "fails":
        return _refuse(world, intent, method, decline("generic_decline"), began=began)
    return _take(world, intent, method, began=began)


def answer_challenge(world: World, intent: Obj, *, ok: bool) -> Obj:
    """Go on after the customer has, or has not, confirmed with the bank.

    Raises:
        InvalidRequestError: the intent waits for nobody.
    """
    if intent["status"] != "requires_action":
        raise unexpected_state(intent, "authenticated", ("requires_action",))
    method = world.need("payment_method", intent["payment_method"])
    if ok:
        off_session = bool(intent["_off_session"])
        return attempt(world, intent, method=method, off_session=off_session, is_authenticated=True)
    failed = world.update(
        intent,
        last_payment_error=AUTHENTICATION_FAILED | {"payment_method": shown(world, method)},
        next_action=None,
        payment_method=None,
        status="requires_payment_method",
        _refusal={"method": method["id"], "is_hard": True},
    )
    emit(world, "payment_intent.payment_failed", failed)
    return failed


def cancel(world: World, intent: Obj, *, reason: str | None) -> Obj:
    if intent["status"] not in CANCELABLE:
        raise unexpected_state(intent, "canceled", CANCELABLE)
    canceled = world.update(
        intent,
        canceled_at=world.clock.unix(),
        cancellation_reason=reason,
        next_action=None,
        status="canceled",
    )
    emit(world, "payment_intent.canceled", canceled)
    return canceled


def unexpected_state(intent: Obj, verb: str, allowed: tuple[str, ...]) -> InvalidRequestError:
    name = "SetupIntent" if intent["object"] == "setup_intent" else "PaymentIntent"
    code = f"{intent['object']}_unexpected_state"
    message = (
        f"This {name} could not be {verb} because it has a status of {intent['status']}. Only a "
        f"{name} with one of the following statuses may be {verb}: {', '.join(allowed)}."
    )
    return InvalidRequestError(message=message, code=code, extra={})


def declined(world: World, intent: Obj) -> CardDeclinedError:
    """Word the last failure of an intent as the error that its caller gets."""
    error = intent["last_payment_error"]
    names = ("advice_code", "charge", "decline_code", "payment_method")
    extra = {name: error[name] for name in names if name in error}
    return CardDeclinedError(
        message=error["message"],
        code=error["code"],
        extra=extra | {"payment_intent": shown(world, intent)},
    )
