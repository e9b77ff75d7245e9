"""Checkout sessions: opened, expired, recovered.

A session is open for a day. When it expires with recovery enabled, a recovery address makes a copy
of it for 30 days, whose `recovered_from` names the expired one.
"""

from __future__ import annotations

from typing import Any

from prunella_sandbox.billing import setups
from prunella_sandbox.errors import InvalidRequestError, LinkExpiredError, no_such
from prunella_sandbox.events import emit
from prunella_sandbox.links import checkout_url, recovery_url
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
_EMPTY = (
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
    texts = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
    return dict.fromkeys(_EMPTY) | {
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
