"""What people do on the hosted pages, without a page: each verb is one transaction.

Every verb returns a `Visit`: what it was about, and where the browser goes next (to the bank, back
to the merchant, or nowhere). A declined card raises `CardDeclinedError`, an old link
`LinkExpiredError`, an unknown one `NotFoundError`.
"""

from __future__ import annotations

from dataclasses import dataclass

from prunella_sandbox import settlement
from prunella_sandbox.billing import checkouts, collecting, sessions
from prunella_sandbox.errors import CardDeclinedError
from prunella_sandbox.events import emit
from prunella_sandbox.ids import kind_of
from prunella_sandbox.links import invoice_of_token
from prunella_sandbox.own_time import in_time_of
from prunella_sandbox.rendering import shown
from prunella_sandbox.resources import payment_methods, portal_sessions
from prunella_sandbox.resources.payment_methods import CardEntry
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World


@dataclass(frozen=True)
class Visit:
    """`obj` as the API shows it; `next_url` is None when the page itself says that all is done."""

    obj: Obj
    next_url: str | None = None


def complete_checkout(
    world: World, session_id: str, *, card: CardEntry, email: str | None = None
) -> Visit:
    """Complete a checkout session; the bank may have to be asked first (`next_url`)."""
    with world.transaction():
        session = checkouts.need_open(world, session_id)
        with in_time_of(world, session):
            method = payment_methods.enter_card(world, card)
            session = checkouts.complete(world, session, method=method, email=email)
        if session["status"] == "complete":
            return Visit(shown(world, session), checkouts.success_url(session))
        return Visit(shown(world, session), _bank(_intent_of(world, session)))


def _intent_of(world: World, session: Obj) -> Obj:
    if session["mode"] == "setup":
        return world.need("setup_intent", session["setup_intent"])
    if session["mode"] == "payment":
        return world.need("payment_intent", session["payment_intent"])
    invoice = world.need("invoice", session["invoice"])
    return world.need("payment_intent", invoice["_payment_intent"])


def _bank(intent: Obj) -> str | None:
    redirect = (intent["next_action"] or {}).get("redirect_to_url") or {}
    url: str | None = redirect.get("url")
    return url


def recover_checkout(world: World, token: str) -> Visit:
    """Open a copy of an expired session, and go to it."""
    with world.transaction():
        session = sessions.recover(world, token)
        return Visit(shown(world, session), session["url"])


def pay_hosted_invoice(world: World, token: str, *, card: CardEntry) -> Visit:
    """Pay an invoice through its hosted link; `obj` is the invoice."""
    with world.transaction():
        invoice = invoice_of_token(world, token)
        with in_time_of(world, invoice):
            method = payment_methods.enter_card(world, card)
            paid = collecting.charge(
                world, invoice, method=method, off_session=False, is_automatic=False
            )
        intent = world.need("payment_intent", paid["_payment_intent"])
        if paid["status"] == "paid":
            settlement.keep_card(world, intent)
            return Visit(shown(world, paid))
        if intent["status"] == "requires_action":
            return Visit(shown(world, paid), _bank(intent))
        if not collecting.is_refused(world, paid):
            return Visit(shown(world, paid))
        raise collecting.failure_of(world, paid)


def portal_session(world: World, token: str) -> Obj:
    """Find a portal session by the token in its address."""
    with world.transaction():
        return portal_sessions.of_token(world, token)


def portal_update_card(world: World, token: str, *, card: CardEntry) -> Visit:
    """Store a new card and make it the customer's default, as the portal does.

    A subscription that has a default of its own keeps it: that one is changed elsewhere.

    Raises:
        CardRefusedError: the bank refuses the card.
    """
    with world.transaction():
        session = portal_sessions.of_token(world, token)
        before = world.need("customer", session["customer"])
        method = payment_methods.enter_card(world, card)
        method = payment_methods.attached(world, method["id"], customer=before)
        chosen = before["invoice_settings"] | {"default_payment_method": method["id"]}
        after = world.update(before, invoice_settings=chosen)
        emit(world, "customer.updated", after, before=before)
        return Visit(shown(world, method), _after_portal(session))


def _after_portal(session: Obj) -> str | None:
    ending = (session["flow"] or {}).get("after_completion") or {}
    redirect: str | None = (ending.get("redirect") or {}).get("return_url")
    return redirect


def authenticate(world: World, intent_id: str, *, ok: bool) -> Visit:
    """Answer the bank for a payment or setup intent that waits for the customer."""
    with world.transaction():
        intent = world.need(kind_of(intent_id) or "", intent_id)
        with in_time_of(world, intent):
            answered = settlement.answer_challenge(world, intent, ok=ok)
        return Visit(shown(world, answered), settlement.home_of(intent))


__all__ = [
    "CardDeclinedError",
    "CardEntry",
    "Visit",
    "authenticate",
    "complete_checkout",
    "pay_hosted_invoice",
    "portal_session",
    "portal_update_card",
    "recover_checkout",
]
