"""After a try to pay or to store a card: what stands behind it hears of it.

An intent belongs to an invoice, to a checkout session or to nobody. Whoever tries an intent from
outside (the API's confirm, the customer's bank) ends here.
"""

from __future__ import annotations

from prunella_sandbox.billing import checkouts, collecting, intents, setups
from prunella_sandbox.billing.stored_cards import attached
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World


def carry_on(world: World, intent: Obj) -> Obj:
    """Tell the invoice, the subscription's session or the session of this intent."""
    if intent.get("_invoice"):
        invoice = collecting.after_attempt(world, intent)
        subscription = world.find("subscription", invoice["_subscription"])
        if subscription and subscription["_session"]:
            checkouts.after_subscription(world, subscription["id"])
    elif intent["_session"]:
        checkouts.after_intent(world, intent)
    return world.fresh(intent)


def answer_challenge(world: World, intent: Obj, *, ok: bool) -> Obj:
    """Carry the customer's answer to their bank into the world; returns the intent as it is then.

    Raises:
        InvalidRequestError: the intent waits for nobody.
    """
    if intent["object"] == "setup_intent":
        return carry_on(world, setups.answer_challenge(world, intent, ok=ok))
    tried = carry_on(world, intents.answer_challenge(world, intent, ok=ok))
    keep_card(world, tried)
    return tried


def end_processing(world: World, intent_id: str) -> None:
    """Let a payment that took days arrive."""
    intent = world.need("payment_intent", intent_id)
    if intent["status"] != "processing":
        return
    ended = intents.end_processing(world, intent)
    if ended["_invoice"]:
        collecting.after_attempt(world, ended, is_automatic=True)
    else:
        keep_card(world, carry_on(world, ended))


def keep_card(world: World, intent: Obj) -> None:
    """Store the card with the customer when a payment asked for that and succeeded."""
    customer = world.find("customer", intent["customer"])
    has_agreed = intent["status"] in {"requires_capture", "succeeded"}
    is_wanted = intent["setup_future_usage"] and has_agreed
    if is_wanted and customer and not customer.get("deleted"):
        attached(world, intent["payment_method"], customer=customer)


def home_of(intent: Obj) -> str | None:
    """Where the customer came from, before the bank was asked."""
    url: str | None = intent["_return_url"]
    return url
