"""Checkout completed: a card is typed, tried, and what the session was for comes to be."""

from __future__ import annotations

from prunella_sandbox.billing import collecting, intents, setups, subscribing
from prunella_sandbox.billing.registering import register
from prunella_sandbox.billing.sessions import recover
from prunella_sandbox.billing.stored_cards import attached, refusal_when_charged
from prunella_sandbox.errors import CardDeclinedError, InvalidRequestError, LinkExpiredError
from prunella_sandbox.events import emit
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World


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
        created = register(world, email=address, name=details["name"])
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
        attached(world, method["id"], customer=customer)
    return after_intent(world, tried)


def _subscribe(world: World, session: Obj, method: Obj) -> Obj:
    refusal = refusal_when_charged(world, method)
    if refusal:
        known = {"decline_code": refusal.decline_code, "advice_code": refusal.advice_code}
        extra = {name: value for name, value in known.items() if value}
        raise CardDeclinedError(message=refusal.message, code=refusal.code, extra=extra)
    customer = world.need("customer", session["customer"])
    attached(world, method["id"], customer=customer)
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
    link = world.find("payment_link", done["payment_link"])
    if link and link["restrictions"]:
        count = link["restrictions"]["completed_sessions"]
        counted = {"completed_sessions": count | {"count": count["count"] + 1}}
        world.update(link, restrictions=counted)
    return done


def success_url(session: Obj) -> str | None:
    url: str | None = session["success_url"]
    return url.replace("{CHECKOUT_SESSION_ID}", session["id"]) if url else None


__all__ = [
    "after_intent",
    "after_subscription",
    "complete",
    "finish",
    "need_open",
    "recover",
    "success_url",
]
