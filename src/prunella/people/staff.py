"""Staff members: people who sign in by themselves, with a password and an authenticator app."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from prunella import audit
from prunella.kit.actor import Actor
from prunella.kit.clock import system_now
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.people import roster, sessions, tokens
from prunella.people import store_invitations as invitations
from prunella.people import store_staff as store
from prunella.people.rights import must_be_admin

StaffRole = Literal["admin", "lead", "agent", "csm", "finance", "viewer"]
STAFF_ROLES: tuple[StaffRole, ...] = get_args(StaffRole)
MAX_NAME = 100
MAX_EMAIL = 254
MAX_LISTED = 1000
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")


class UnknownMemberError(LookupError):
    """Nobody of the staff has this id."""


class BadMemberError(ValueError):
    """A member needs a name of at most 100 characters, an e-mail address, and a role there is.

    The roles are admin, lead, agent, csm, finance and viewer.
    """


class EmailTakenError(ValueError):
    """Somebody of the staff has this address already."""


class OwnStandingError(ValueError):
    """You cannot change your own role or close your own account. Ask another admin."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the staff. They can come in once they have joined, until they are disabled."""

    id: str
    name: str
    email: str
    role: StaffRole
    created_at: datetime
    joined_at: datetime | None
    disabled_at: datetime | None

    @property
    def actor(self) -> Actor:
        return Actor(kind="staff", id=self.id, role=self.role, verified=True)

    @property
    def state(self) -> Literal["active", "invited", "disabled"]:
        if self.disabled_at:
            return "disabled"
        return "active" if self.joined_at else "invited"


async def add(tx: Tx, *, name: str, email: str, role: str, teams: Iterable[str] = ()) -> Member:
    """Add somebody, who comes in with a set-up link. Raises as its errors say."""
    must_be_admin(tx.actor)
    name, email = name.strip(), email.strip()
    if role not in STAFF_ROLES or not is_email(email) or not is_name(name):
        raise BadMemberError
    member_id = tx.new_id("stf")
    if not await store.add(tx, member_id, name=name, email=email, role=role, now=system_now()):
        raise EmailTakenError
    await roster.join(tx, member_id, name, teams)
    await audit.record(tx, "staff.added", member_id, after={"role": role})
    return await must_find(tx, member_id)


async def find(tx: Tx, member: str) -> Member | None:
    row = await store.one(tx, member)
    return of_row(row) if row else None


async def must_find(tx: Tx, member: str) -> Member:
    """Raises UnknownMemberError."""
    found = await find(tx, member)
    if found is None:
        raise UnknownMemberError(member)
    return found


async def of_email(tx: Tx, email: str) -> Member | None:
    row = await store.of_email(tx, email.strip())
    return of_row(row) if row else None


async def listed(tx: Tx) -> list[Member]:
    """Return everybody, by name, who left last."""
    return [of_row(row) for row in await store.every(tx, MAX_LISTED)]


async def names(tx: Tx) -> dict[str, str]:
    """Return the names of all who act here by id: members, and who holds a bare token."""
    held = {one.id: one.name for one in await tokens.listed(tx)}
    return held | {one.id: one.name for one in await listed(tx)}


async def rename(tx: Tx, member: str, name: str) -> None:
    """One's own name, or as an admin anybody's. Raises NotAdminError, BadMemberError."""
    if tx.actor.id != member:
        must_be_admin(tx.actor)
    if not is_name(name.strip()):
        raise BadMemberError
    await store.set_name(tx, member, name.strip())
    await audit.record(tx, "staff.name_set", member)


async def set_role(tx: Tx, member: str, role: str) -> None:
    """Give them another role, at once also where they are signed in. Raises as its errors say."""
    must_be_admin(tx.actor)
    before = await _held(tx, member)
    if role not in STAFF_ROLES:
        raise BadMemberError
    if role == before.role:
        return
    _must_be_somebody_else(tx, member)
    await store.set_role(tx, member, role)
    await sessions.set_role(tx, person=member, role=role)
    was, now = {"role": before.role}, {"role": role}
    await audit.record(tx, "staff.role_set", member, before=was, after=now)


async def disable(tx: Tx, member: str) -> None:
    """Let nobody in as them any more: sessions, tokens and links end with this commit."""
    must_be_admin(tx.actor)
    if (await _held(tx, member)).disabled_at:
        return
    _must_be_somebody_else(tx, member)
    await store.set_disabled(tx, member, system_now())
    await store.end_halves(tx, member)
    await invitations.end_of(tx, member)
    ended = await sessions.end_all_of(tx, person=member)
    revoked = await tokens.revoke_all_of(tx, member)
    figures = {"sessions": ended, "tokens": revoked}
    await audit.record(tx, "staff.disabled", member, after=figures)
    await tx.emit(Event("staff.disabled", member))


async def enable(tx: Tx, member: str) -> None:
    """Let them in again, with the password they had. What ended stays ended."""
    must_be_admin(tx.actor)
    if (await _held(tx, member)).disabled_at is None:
        return
    await store.set_disabled(tx, member, None)
    await audit.record(tx, "staff.enabled", member)
    await tx.emit(Event("staff.enabled", member))


def of_row(row: store.Row) -> Member:
    return Member(**{field: row[field] for field in Member.__slots__})


def is_email(text: str) -> bool:
    return len(text) <= MAX_EMAIL and text.isprintable() and bool(_EMAIL.fullmatch(text))


def is_name(text: str) -> bool:
    return 0 < len(text) <= MAX_NAME and text.isprintable()


def _must_be_somebody_else(tx: Tx, member: str) -> None:
    """So there is always an admin left: the one who asks."""
    if tx.actor.id == member:
        raise OwnStandingError


async def _held(tx: Tx, member: str) -> Member:
    row = await store.hold(tx, member)
    if row is None:
        raise UnknownMemberError(member)
    return of_row(row)
