"""Addresses of the hosted pages; an invoice's link carries its own expiry.

A hosted invoice link is valid for 30 days after the due date (without one: after finalisation),
120 days after finalisation at most. Every retrieval gives a fresh one, good for at least 10 days.
The token holds invoice, expiry and a nonce under a signature, so reading stores nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from prunella_sandbox.errors import LinkExpiredError, no_such
from prunella_sandbox.ids import new_tail
from prunella_sandbox.own_time import in_time_of
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

DAY = 24 * 3600
VALID_AFTER_DUE = 30 * DAY
VALID_AT_MOST = 120 * DAY
VALID_AT_LEAST = 10 * DAY
SECRET = b"sandbox links are signed so that they cannot be mistyped into another invoice"
SIGNATURE_LENGTH = 16


def hosted_invoice_url(world: World, invoice: Obj) -> str | None:
    if invoice["status"] == "draft":
        return None
    return f"{world.public_url}/i/{invoice_token(world, invoice)}"


def invoice_token(world: World, invoice: Obj) -> str:
    claims = f"{invoice['id']}.{expiry(world, invoice)}.{new_tail(world.noise, 8)}"
    return base64.urlsafe_b64encode(f"{claims}.{_sign(claims)}".encode()).decode().rstrip("=")


def expiry(world: World, invoice: Obj) -> int:
    finalized_at: int = invoice["status_transitions"]["finalized_at"] or invoice["created"]
    regular = (invoice["due_date"] or finalized_at) + VALID_AFTER_DUE
    return max(min(regular, finalized_at + VALID_AT_MOST), world.clock.unix() + VALID_AT_LEAST)


def invoice_of_token(world: World, token: str) -> Obj:
    """Find the invoice of a hosted link.

    Raises:
        NotFoundError: the token is none of ours.
        LinkExpiredError: it was, and is too old.
    """
    invoice_id, expires_at = _read(token)
    invoice = world.need("invoice", invoice_id)
    with in_time_of(world, invoice):
        is_past = expires_at <= world.clock.now()
    if is_past:
        raise LinkExpiredError(message="This link has expired. Ask for a new one.")
    return invoice


def _read(token: str) -> tuple[str, int]:
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
        claims, signature = text.rsplit(".", maxsplit=1)
        invoice_id, expires_at, _ = claims.split(".")
    except ValueError as error:
        raise no_such(kind="invoice link", object_id=token, param=None) from error
    if not hmac.compare_digest(signature, _sign(claims)):
        raise no_such(kind="invoice link", object_id=token, param=None)
    return invoice_id, int(expires_at)


def _sign(claims: str) -> str:
    return hmac.new(SECRET, claims.encode(), hashlib.sha256).hexdigest()[:SIGNATURE_LENGTH]


def checkout_url(world: World, session_id: str) -> str:
    return f"{world.public_url}/c/pay/{session_id}"


def payment_link_url(world: World, token: str) -> str:
    return f"{world.public_url}/buy/{token}"


def recovery_url(world: World, token: str) -> str:
    return f"{world.public_url}/c/recover/{token}"


def portal_url(world: World, token: str) -> str:
    return f"{world.public_url}/p/session/{token}"


def authentication_url(world: World, intent: Obj) -> str:
    return f"{world.public_url}/authenticate/{intent['id']}?secret={intent['client_secret']}"


def receipt_url(world: World, charge_id: str) -> str:
    return f"{world.public_url}/receipts/{charge_id}"
