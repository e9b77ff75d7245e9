"""Links that we sign ourselves, for the button in a mail: one customer, one purpose, 7 days."""

import json
import secrets
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from prunella.kit.actor import Actor
from prunella.kit.clock import system_now
from prunella.kit.house import Tx
from prunella.people import store_sessions as store

LASTS = timedelta(days=7)
KEY_BYTES = 32
MAX_TOKEN = 2_000
_ISSUER = "prunella"


class BadLinkError(Exception):
    """This link cannot be used. Open the newest mail, or sign in to the product."""


class ExpiredLinkError(BadLinkError):
    """This link worked for 7 days and has expired. Open the newest mail, or sign in."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a genuine link allows: one customer, for one purpose, about one subject."""

    customer: str
    purpose: str
    subject: str
    issued_at: datetime

    @property
    def actor(self) -> Actor:
        """Whoever holds a mail may show, pay or update a card; they are not verified."""
        return Actor(kind="customer", id=self.customer, role="billing", verified=False)


async def make(tx: Tx, *, customer: str, purpose: str = "mail", subject: str = "") -> str:
    """Return the token that goes into the address of the button."""
    key = await _key_in_use(tx)
    now = system_now()
    claims = {"iss": _ISSUER, "sub": customer, "use": purpose, "about": subject}
    times = {"iat": now, "exp": now + LASTS}
    secret = bytes(key["secret"])
    return jwt.encode({**claims, **times}, secret, algorithm="HS256", headers={"kid": key["id"]})


async def read(tx: Tx, token: str) -> Link:
    """Return what the link allows. Raises `BadLinkError`, or `ExpiredLinkError` after 7 days."""
    if len(token) > MAX_TOKEN:
        raise BadLinkError
    secret = await store.key(tx, _key_id(token), system_now() - LASTS)
    if secret is None:
        raise BadLinkError
    claims = _claims(token, secret)
    return Link(
        customer=claims["sub"],
        purpose=claims["use"],
        subject=claims["about"],
        issued_at=datetime.fromtimestamp(claims["exp"], UTC) - LASTS,
    )


async def rotate(tx: Tx, *, leaked: bool = False) -> None:
    """Sign with a new key from now on. Links of the old one work until their 7 days are over.

    Those of a key that leaked end at once, and so do those of the keys before it.
    """
    now = system_now()
    await store.retire_key(tx, now)
    if leaked:
        await store.end_keys(tx, now - LASTS)
    await _key_in_use(tx)


async def _key_in_use(tx: Tx) -> dict[str, Any]:
    key = await store.key_in_use(tx)
    if key is None:
        secret = secrets.token_bytes(KEY_BYTES)
        key = await store.add_key(tx, tx.new_id("key"), secret, system_now())
    return key


def _key_id(token: str) -> str:
    """Return which key is said to have signed it; nothing of it is believed before that is seen."""
    head = token.partition(".")[0]
    try:
        fields = json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)))
        kid = fields["kid"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadLinkError from None
    return kid if isinstance(kid, str) and kid.isprintable() else ""


def _claims(token: str, secret: bytes) -> dict[str, Any]:
    try:
        return jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            issuer=_ISSUER,
            leeway=0,
            options={"require": ["exp", "sub", "use", "about"], "verify_iat": False},
        )
    except jwt.ExpiredSignatureError:
        raise ExpiredLinkError from None
    except jwt.PyJWTError:
        raise BadLinkError from None
