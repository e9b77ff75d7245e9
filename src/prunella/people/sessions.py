"""Sessions behind a cookie. They live in system time and nothing extends them."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from prunella import audit
from prunella.kit.actor import Actor
from prunella.kit.clock import system_now
from prunella.kit.house import Tx
from prunella.people import roster
from prunella.people import store_sessions as store
from prunella.people.rights import must_be_admin
from prunella.people.secret import SECRET_BYTES, hash_of, new_secret

STAFF_LASTS = timedelta(hours=8)
CUSTOMER_LASTS = timedelta(hours=12)
SHORT_LASTS = timedelta(hours=1)
SHORT = {"mail", "embed"}
NOTED_EVERY = timedelta(minutes=2)
MAX_SECRET = 512
MAX_DEVICE = 300
MAX_ADDRESS = 60
MAX_LISTED = 100

Kind = Literal["customer", "staff"]
Words = dict[str, str | None]


class UnknownPersonError(LookupError):
    """Nobody here has this id."""


@dataclass(frozen=True, slots=True)
class Session:
    """Who is behind a cookie; `id` names it without opening anything.

    `purpose` is empty, "mail" when a signed link from a mail opened it (`subject` is then what the
    link was about), or "embed" in a frame of the company's product. `person` is who acts for the
    customer, or the staff member, or the bare token that somebody showed.
    `csrf` goes into every form of the session.
    """

    id: str
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


@dataclass(frozen=True, slots=True)
class Where:
    """What tells a session from another: the browser as it names itself, and its address."""

    device: str = ""
    address: str = ""


UNSAID = Where()


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as the person sees it whose it is."""

    id: str
    device: str
    address: str
    created_at: datetime
    seen_at: datetime | None
    expires_at: datetime


async def open_for_customer(
    tx: Tx, actor: Actor, *, person: str = "", purpose: str = "", subject: str = ""
) -> str:
    """Open a customer's session, an hour from a mail or in a frame; returns its cookie's secret."""
    lasts = SHORT_LASTS if purpose in SHORT else CUSTOMER_LASTS
    words: Words = {"customer": actor.id, "person": person, "purpose": purpose, "subject": subject}
    words |= {"device": "", "address": ""}
    return await _open(tx, actor, kind="customer", lasts=lasts, words=words)


async def open_for_staff(tx: Tx, actor: Actor, where: Where = UNSAID) -> str:
    """Open a session for a member or for who holds a bare token; returns the cookie's secret."""
    words: Words = {"customer": None, "person": actor.id, "purpose": "", "subject": ""}
    told: Words = {"device": where.device[:MAX_DEVICE], "address": where.address[:MAX_ADDRESS]}
    return await _open(tx, actor, kind="staff", lasts=STAFF_LASTS, words=words | told)


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
    """End every staff session of one member, or of one bare token."""
    return await store.end_all(tx, person)


async def end_all_as(tx: Tx, *, person: str) -> int:
    """Sign somebody out everywhere: oneself, or as an admin anybody.

    Raises NotAdminError, UnknownPersonError.
    """
    if tx.actor.id != person:
        must_be_admin(tx.actor)
    if await roster.colleague(tx, person) is None:
        raise UnknownPersonError
    ended = await store.end_all(tx, person)
    await audit.record(tx, "session.all_ended", person, after={"sessions": ended})
    return ended


async def of_person(tx: Tx, person: str) -> list[OpenSession]:
    """Return where this member, or who holds this token, is signed in: the newest first."""
    rows = await store.of_person(tx, person, system_now(), MAX_LISTED)
    return [OpenSession(**{field: row[field] for field in OpenSession.__slots__}) for row in rows]


async def end_one(tx: Tx, *, person: str, session: str) -> bool:
    """End one of a member's sessions. False when there was none."""
    if not await store.end_one(tx, person, session):
        return False
    await audit.record(tx, "session.ended", person, because="ended_elsewhere")
    return True


async def touch(tx: Tx, session: Session) -> None:
    """Note that it is used, every few minutes; who finds it noted just now does not wait."""
    now = system_now()
    await store.touch(tx, session.id, now, now - NOTED_EVERY)


async def set_role(tx: Tx, *, person: str, role: str) -> None:
    """Give the open sessions of a member another role."""
    await store.set_role(tx, person, role)


async def sweep(tx: Tx) -> int:
    """Forget the sessions that have expired."""
    return await store.sweep(tx, system_now())


async def _open(tx: Tx, actor: Actor, *, kind: Kind, lasts: timedelta, words: Words) -> str:
    secret, now = new_secret("ses"), system_now()
    who = {"kind": kind, "role": actor.role, "verified": actor.verified}
    keys = {
        "id": tx.new_id("sid"),
        "secret_hash": hash_of(secret),
        "csrf": secrets.token_urlsafe(SECRET_BYTES),
    }
    times = {"created_at": now, "expires_at": now + lasts}
    await store.open_session(tx, {**who, **words, **keys, **times})
    await _note(tx, actor, "session.opened", because=words["purpose"] or "sign_in")
    return secret


async def _note(tx: Tx, actor: Actor, verb: str, *, because: str = "") -> None:
    """Write into the audit log that this person came or left; the door only let them through."""
    mine, customer = replace(tx, actor=actor), actor.id if actor.kind == "customer" else None
    await audit.record(mine, verb, actor.id, customer=customer, because=because)
