"""What follows from the customer's answer to the bank, and where the customer goes then."""

from __future__ import annotations

from prunella_sandbox.billing import checkouts
from prunella_sandbox.own_time import in_time_of
from prunella_sandbox.pages.bank import with_result
from prunella_sandbox.pages.checkout import checkout_path, session_of
from prunella_sandbox.pages.invoices import hosted_invoice_path
from prunella_sandbox.pages.portal import after_saving, card_saved, portal_path
from prunella_sandbox.settlement import answer_challenge, home_of
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World


def answer(world: World, intent: Obj, is_approved: bool) -> Obj:  # noqa: FBT001 - the one thing the bank asks
    with in_time_of(world, intent):
        return card_saved(world, answer_challenge(world, intent, ok=is_approved))


def came_from(world: World, intent: Obj) -> str | None:
    """The page that the customer came from, or None when nobody said."""
    refused = "" if intent["status"] == "succeeded" else "?refused=1"
    session = session_of(world, intent)
    if session and session["status"] == "complete":
        return checkouts.success_url(session) or checkout_path(session)
    if session:
        return checkout_path(session) + refused
    portal = world.find("billing_portal.session", intent.get("_portal"))
    if portal:
        return portal_path(portal["_token"]) + refused if refused else after_saving(portal)
    back = home_of(intent)
    if back:
        return with_result(back, intent)
    invoice = world.find("invoice", intent.get("_invoice"))
    return hosted_invoice_path(world, invoice) + refused if invoice else None
