"""Sessions behind a cookie. They live in system time and nothing extends them."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from prunella import audit
from prunella.kit.actor import Actor
from prunella.kit.clock import system_now
from prunella.kit.house import Tx
from prunella.people import store_sessions as store
from prunella.people.secret import SECRET_BYTES, hash_of, new_secret

STAFF_LASTS = timedelta(hours=8)
CUSTOMER_LASTS = timedelta(hours=12)
SHORT_LASTS = timedelta(hours=1)
SHORT = {"mail", "embed"}
MAX_SECRET = 512

Kind = Literal["customer", "staff"]
Words = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Session:
    """Who is behind a cookie.

    `purpose` is empty, "mail" when a signed link from a mail opened it (`subject` is then what the
    link was about), or "embed" in a frame of the company's product. `person` is who acts for the
    customer, or the token of the staff member.
    `csrf` goes into every form of the session.
    """

    kind: Kind
    customer: str | None
    person: str
    role: str
    purpose: str
    subject: str
    verified: bool
    csrf: str
    expires_at: datetime

    @property
    def actor(self) -> Actor:
        who = self.customer or self.person
        return Actor(kind=self.kind, id=who, role=self.role, verified=self.verified)


async def open_for_customer(
    tx: Tx, actor: Actor, *, person: str = "", purpose: str = "", subject: str = ""
) -> str:
    """Open a customer's session, an hour from a mail or in a frame; returns its cookie's secret."""
    lasts = SHORT_LASTS if purpose in SHORT else CUSTOMER_LASTS
    words: Words = {"customer": actor.id, "person": person, "purpose": purpose, "subject": subject}
    return await _open(tx, actor, kind="customer", lasts=lasts, words=words)


async def open_for_staff(tx: Tx, actor: Actor) -> str:
    """Open a session for who holds a token; returns the cookie's secret."""
    words: Words = {"customer": None, "person": actor.id, "purpose": "", "subject": ""}
    return await _open(tx, actor, kind="staff", lasts=STAFF_LASTS, words=words)


async def find(tx: Tx, secret: str) -> Session | None:
    """Return the session of this cookie, unless it ended or expired."""
    if not secret or len(secret) > MAX_SECRET:
        return None
    row = await store.find(tx, hash_of(secret), system_now())
    if row is None:
        return None
    return Session(**{field: row[field] for field in Session.__slots__})


async def end(tx: Tx, secret: str) -> None:
    """End the session of this cookie."""
    session = await find(tx, secret)
    if session is not None:
        await _note(tx, session.actor, "session.ended", because="sign_out")
    await store.end(tx, hash_of(secret))


async def end_all_of(tx: Tx, *, person: str) -> int:
    """End every staff session of one token."""
    return await store.end_all(tx, person)


async def sweep(tx: Tx) -> int:
    """Forget the sessions that have expired."""
    return await store.sweep(tx, system_now())


async def _open(tx: Tx, actor: Actor, *, kind: Kind, lasts: timedelta, words: Words) -> str:
    secret, now = new_secret("ses"), system_now()
    who = {"kind": kind, "role": actor.role, "verified": actor.verified}
    keys = {"secret_hash": hash_of(secret), "csrf": secrets.token_urlsafe(SECRET_BYTES)}
    times = {"created_at": now, "expires_at": now + lasts}
    await store.open_session(tx, {**who, **words, **keys, **times})
    await _note(tx, actor, "session.opened", because=words["purpose"] or "sign_in")
    return secret


async def _note(tx: Tx, actor: Actor, verb: str, *, because: str = "") -> None:
    """Write into the audit log that this person came or left; the door only let them through."""
    mine, customer = replace(tx, actor=actor), actor.id if actor.kind == "customer" else None
    await audit.record(mine, verb, actor.id, customer=customer, because=because)
