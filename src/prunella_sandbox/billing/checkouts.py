"""Checkout sessions: open, completed, expired, recovered.

A session is open for a day. When it expires with recovery enabled, a recovery address makes a copy
of it for 30 days, whose `recovered_from` names the expired one.
"""

from __future__ import annotations

from typing import Any

from prunella_sandbox.billing import collecting, intents, setups, subscribing
from prunella_sandbox.errors import (
    CardDeclinedError,
    InvalidRequestError,
    LinkExpiredError,
    no_such,
)
from prunella_sandbox.events import emit
from prunella_sandbox.links import checkout_url, recovery_url
from prunella_sandbox.resources import customers, payment_methods
from prunella_sandbox.resources.payment_methods import refusal_when_charged
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

DAY = 24 * 3600
RECOVERY_DAYS = 30
COPIED = (
    "after_expiration",
    "allow_promotion_codes",
    "amount_subtotal",
    "amount_total",
    "cancel_url",
    "client_reference_id",
    "currency",
    "customer",
    "customer_creation",
    "customer_email",
    "metadata",
    "mode",
    "payment_method_collection",
    "success_url",
    "total_details",
    "_intent_data",
    "_line_items",
)


def open_session(world: World, *, expires_at: int | None = None, **details: Any) -> Obj:
    session_id = world.new_id("checkout.session")
    known = _blank() | {
        "id": session_id,
        "expires_at": expires_at or world.clock.unix() + DAY,
        "url": checkout_url(world, session_id),
    }
    session = world.insert("checkout.session", **(known | details))
    world.agenda.arm("session", session_id, at=session["expires_at"])
    if session["mode"] != "setup":
        return session
    setup = setups.open_setup(
        world, customer=session["customer"], _session=session_id, **session["_intent_data"]
    )
    return world.update(session, setup_intent=setup["id"])


def _blank() -> Obj:
    nothing: Obj = dict.fromkeys(
        (
            "adaptive_pricing",
            "after_expiration",
            "allow_promotion_codes",
            "amount_subtotal",
            "amount_total",
            "billing_address_collection",
            "cancel_url",
            "client_reference_id",
            "client_secret",
            "collected_information",
            "consent",
            "consent_collection",
            "currency",
            "currency_conversion",
            "customer",
            "customer_account",
            "customer_creation",
            "customer_details",
            "customer_email",
            "discounts",
            "invoice",
            "invoice_creation",
            "locale",
            "origin_context",
            "payment_intent",
            "payment_link",
            "payment_method_collection",
            "payment_method_configuration_details",
            "permissions",
            "recovered_from",
            "saved_payment_method_options",
            "setup_intent",
            "shipping_address_collection",
            "shipping_cost",
            "submit_type",
            "subscription",
            "success_url",
            "total_details",
            "wallet_options",
            "_recovery_token",
        )
    )
    texts = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
    return nothing | {
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "custom_fields": [],
        "custom_text": dict.fromkeys(texts),
        "livemode": False,
        "metadata": {},
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "status": "open",
        "ui_mode": "hosted_page",
        "_intent_data": {},
        "_line_items": [],
        "_trial_end": None,
    }


def need_open(world: World, session_id: str) -> Obj:
    """Find a session that can still be completed.

    Raises:
        LinkExpiredError: it is expired.
        InvalidRequestError: it is complete.
    """
    session = world.need("checkout.session", session_id)
    if session["status"] == "expired":
        raise LinkExpiredError(message="This checkout page has expired.")
    if session["status"] == "complete":
        raise InvalidRequestError(message="This checkout page is already complete.")
    return session


def complete(world: World, session: Obj, *, method: Obj, email: str | None) -> Obj:
    """Go through with a session; it stays open while the bank wants to be asked.

    Raises:
        CardDeclinedError: the card was declined; the session stays open.
    """
    session = _with_customer(world, need_open(world, session["id"]), email=email, method=method)
    if session["mode"] == "setup":
        return _store(world, session, method)
    if session["mode"] == "payment":
        return _pay(world, session, method)
    return _subscribe(world, session, method)


def _with_customer(world: World, session: Obj, *, email: str | None, method: Obj) -> Obj:
    known = world.find("customer", session["customer"]) or {}
    typed = email or method["billing_details"]["email"]
    address = known.get("email") or session["customer_email"] or typed
    details = {
        "address": method["billing_details"]["address"],
        "business_name": None,
        "email": address,
        "individual_name": None,
        "name": known.get("name") or method["billing_details"]["name"],
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": None,
    }
    is_needed = session["mode"] == "subscription" or session["customer_creation"] == "always"
    if is_needed and not known:
        created = customers.register(world, email=address, name=details["name"])
        emit(world, "customer.created", created)
        return world.update(session, customer=created["id"], customer_details=details)
    return world.update(session, customer_details=details)


def _store(world: World, session: Obj, method: Obj) -> Obj:
    setup = world.need("setup_intent", session["setup_intent"])
    setup = world.update(setup, _return_url=success_url(session))
    tried = setups.attempt(world, setup, method=method)
    if tried["status"] == "requires_payment_method":
        raise setups.declined(world, tried)
    return after_intent(world, tried)


def _pay(world: World, session: Obj, method: Obj) -> Obj:
    intent = world.find("payment_intent", session["payment_intent"]) or intents.open_intent(
        world,
        amount=session["amount_total"],
        currency=session["currency"],
        customer=session["customer"],
        _session=session["id"],
        **session["_intent_data"],
    )
    world.update(session, payment_intent=intent["id"])
    intent = world.update(intent, _return_url=success_url(session))
    tried = intents.attempt(world, intent, method=method, off_session=False)
    if tried["status"] == "requires_payment_method":
        raise intents.declined(world, tried)
    customer = world.find("customer", session["customer"])
    if tried["status"] == "succeeded" and tried["setup_future_usage"] and customer:
        payment_methods.attached(world, method["id"], customer=customer)
    return after_intent(world, tried)


def _subscribe(world: World, session: Obj, method: Obj) -> Obj:
    refusal = refusal_when_charged(world, method)
    if refusal:
        known = {"decline_code": refusal.decline_code, "advice_code": refusal.advice_code}
        extra = {name: value for name, value in known.items() if value}
        raise CardDeclinedError(message=refusal.message, code=refusal.code, extra=extra)
    customer = world.need("customer", session["customer"])
    payment_methods.attached(world, method["id"], customer=customer)
    subscription = _subscription(world, session, customer, method)
    invoice = world.need("invoice", subscription["latest_invoice"])
    if invoice["status"] == "open":
        intent = world.need("payment_intent", invoice["_payment_intent"])
        world.update(intent, _return_url=success_url(session))
        collecting.charge(world, invoice, method=method, off_session=False, is_automatic=False)
    return after_subscription(world, subscription["id"])


def _subscription(world: World, session: Obj, customer: Obj, method: Obj) -> Obj:
    earlier = world.find("subscription", session["subscription"])
    if earlier:
        return world.update(earlier, default_payment_method=method["id"])
    subscription = subscribing.subscribe(
        world,
        customer=customer,
        entries=session["_entries"],
        behavior="default_incomplete",
        trial_end=session["_trial_end"],
        default_payment_method=method["id"],
        _session=session["id"],
        **session["_intent_data"],
    )
    world.update(session, invoice=subscription["latest_invoice"], subscription=subscription["id"])
    return subscription


def after_intent(world: World, intent: Obj) -> Obj:
    """Complete the session of an intent that has succeeded."""
    session = world.need("checkout.session", intent["_session"])
    return finish(world, session) if intent["status"] == "succeeded" else session


def after_subscription(world: World, subscription_id: str) -> Obj:
    """Complete the session of a subscription whose first invoice is paid."""
    subscription = world.need("subscription", subscription_id)
    session = world.need("checkout.session", subscription["_session"])
    is_running = subscription["status"] in {"active", "trialing"}
    return finish(world, session) if is_running and session["status"] == "open" else session


def finish(world: World, session: Obj) -> Obj:
    world.agenda.disarm("session", session["id"])
    is_free = session["mode"] == "setup" or not session["amount_total"]
    done = world.update(
        session,
        payment_status="no_payment_required" if is_free else "paid",
        status="complete",
        url=None,
    )
    emit(world, "checkout.session.completed", done)
    return done


def success_url(session: Obj) -> str | None:
    url: str | None = session["success_url"]
    return url.replace("{CHECKOUT_SESSION_ID}", session["id"]) if url else None


def expire(world: World, session: Obj) -> Obj:
    """End an open session; with recovery enabled it can be taken up again.

    Raises:
        InvalidRequestError: it is not open.
    """
    current = world.fresh(session)
    if current["status"] != "open":
        message = (
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout '
            f"Session has a status of {current['status']}."
        )
        raise InvalidRequestError(message=message)
    world.agenda.disarm("session", current["id"])
    expired = world.update(current, status="expired", url=None)
    expired = _with_recovery(world, expired)
    emit(world, "checkout.session.expired", expired)
    return expired


def _with_recovery(world: World, session: Obj) -> Obj:
    wanted = (session["after_expiration"] or {}).get("recovery")
    if not wanted or not wanted["enabled"]:
        return session
    token = world.new_secret(32)
    recovery = wanted | {
        "expires_at": world.clock.unix() + RECOVERY_DAYS * DAY,
        "url": recovery_url(world, token),
    }
    return world.update(session, after_expiration={"recovery": recovery}, _recovery_token=token)


def expire_due(world: World, session_id: str) -> None:
    session = world.need("checkout.session", session_id)
    if session["status"] == "open":
        expire(world, session)


def recover(world: World, token: str) -> Obj:
    """Copy the expired session that a recovery address belongs to.

    Raises:
        NotFoundError: the address is none of ours.
        LinkExpiredError: it is too old.
    """
    for session in world.newest_first("checkout.session"):
        if session["_recovery_token"] == token:
            return _copy(world, session)
    raise no_such(kind="recovery link", object_id=token, param=None)


def _copy(world: World, session: Obj) -> Obj:
    if session["after_expiration"]["recovery"]["expires_at"] <= world.clock.now():
        raise LinkExpiredError(message="This recovery link has expired.")
    kept = {name: session[name] for name in COPIED}
    fresh = kept["after_expiration"]["recovery"] | {"expires_at": None, "url": None}
    kept["after_expiration"] = {"recovery": fresh}
    return open_session(
        world,
        recovered_from=session["id"],
        _entries=session["_entries"],
        _trial_end=session["_trial_end"],
        **kept,
    )
