"""API tokens: made once, shown once, revoked for good.

A bare token has a name and a role of its own: a person's, or a program's. One of a staff member
acts as that member, with the role they have at the time. Scopes narrow either.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from prunella import audit
from prunella.kit.actor import Actor
from prunella.kit.clock import system_now
from prunella.kit.house import Tx
from prunella.people import roster, scopes, sessions
from prunella.people import store_tokens as store
from prunella.people.rights import must_be_admin
from prunella.people.secret import hash_of, new_secret

Role = Literal["admin", "lead", "agent", "csm", "finance", "viewer", "service"]
ROLES: tuple[Role, ...] = get_args(Role)
MAX_NAME = 100
MAX_SECRET = 512
MAX_LISTED = 1000
NOTED_EVERY = timedelta(minutes=2)
ADMIN = Actor(kind="staff", id=roster.ADMIN_ID, role="admin", verified=True)
"""Whoever holds PRUNELLA_ADMIN_TOKEN."""
OPERATOR_ID = "operator"
"""Whoever uses the command line."""
SET_UP_KEYS = (ADMIN.id, OPERATOR_ID)
_TOKENS_ACT_AS = frozenset({"staff", "service"})


class UnknownRoleError(ValueError):
    """This role does not exist. Use admin, lead, agent, csm, finance, viewer or service."""


class TokenNameError(ValueError):
    """A token needs a name of at most 100 characters, so that people know whose it is."""


class UnknownTokenError(LookupError):
    """There is no token of this id that could be revoked."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token as people see it later: everything but the secret."""

    id: str
    name: str
    role: Role
    member: str | None
    scopes: list[str]
    created_by: str
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who shows a token, and what it lets them do; `token` is None for the environment's."""

    actor: Actor
    scopes: frozenset[str]
    token: str | None
    is_whole: bool
    """Whether it stands for the person as a whole: bare, of the staff, and with every scope."""


async def create(tx: Tx, *, name: str, role: str, scopes: Iterable[str] = ()) -> str:
    """Make a bare token; returns its secret, which is shown this once and kept only as a hash.

    Raises NotAdminError, UnknownRoleError, TokenNameError, UnknownScopeError.
    """
    must_be_admin(tx.actor)
    if role not in ROLES:
        raise UnknownRoleError(role)
    token, secret = await _add(tx, name=name, role=role, member=None, scopes_named=scopes)
    if role != "service":
        await roster.join(tx, token, name)
    return secret


async def create_own(tx: Tx, *, name: str, scopes: Iterable[str] = ()) -> str:
    """Make a token for the member who acts; returns its secret, which is shown this once."""
    mine = {"member": tx.actor.id, "role": tx.actor.role}
    _, secret = await _add(tx, name=name, scopes_named=scopes, **mine)
    return secret


async def of_bearer(tx: Tx, secret: str, *, admin_token: str | None = None) -> Actor | None:
    """Return who holds this secret; None when nobody does, or no longer."""
    found = await holder(tx, secret, admin_token=admin_token)
    return found.actor if found else None


async def holder(tx: Tx, secret: str, *, admin_token: str | None = None) -> Holder | None:
    """Return who holds this secret and what for; None when nobody does, or no longer."""
    if not secret or len(secret) > MAX_SECRET:
        return None
    if admin_token and hmac.compare_digest(hash_of(secret), hash_of(admin_token)):
        return Holder(ADMIN, scopes.allowed("admin", [scopes.ALL]), token=None, is_whole=True)
    row = await store.held(tx, hash_of(secret))
    if row is None:
        return None
    now, role = system_now(), row["role"]
    if row["used_at"] is None or row["used_at"] < now - NOTED_EVERY:
        await store.touch(tx, row["id"], now, now - NOTED_EVERY)
    kind = "service" if role == "service" else "staff"
    is_whole = kind == "staff" and row["member"] is None and scopes.ALL in row["scopes"]
    actor = Actor(kind=kind, id=row["member"] or row["id"], role=role, verified=True)
    return Holder(actor, scopes.allowed(role, row["scopes"]), token=row["id"], is_whole=is_whole)


async def revoke(tx: Tx, token: str) -> bool:
    """End a token and every session that was opened with it. False when there was none."""
    if not await store.revoke(tx, token):
        return False
    await sessions.end_all_of(tx, person=token)
    await audit.record(tx, "token.revoked", token)
    return True


async def revoke_as(tx: Tx, token: str) -> None:
    """Revoke a token of one's own, or as an admin anybody's. Raises UnknownTokenError."""
    found = await must_find(tx, token)
    if found.member is None or found.member != tx.actor.id:
        must_be_admin(tx.actor)
    if not await revoke(tx, token):
        raise UnknownTokenError(token)


async def people_behind(tx: Tx, actors: Iterable[Actor]) -> dict[str, str]:
    """Return, by the ids of staff and programs, the id of the person that each of them counts as.

    A bare token counts as whoever made it, however many tokens stand between. One that was made on
    the command line or with PRUNELLA_ADMIN_TOKEN, which are no persons, counts as itself.
    """
    asked = sorted({one.id for one in actors if one.kind in _TOKENS_ACT_AS})
    return await store.behind(tx, asked, keys=list(SET_UP_KEYS)) if asked else {}


async def revoke_all_of(tx: Tx, member: str) -> int:
    """Revoke every token of a member; returns how many."""
    return await store.revoke_all(tx, member)


async def find(tx: Tx, token: str) -> Token | None:
    row = await store.one(tx, token)
    return _token(row) if row else None


async def must_find(tx: Tx, token: str) -> Token:
    """Raises UnknownTokenError."""
    found = await find(tx, token)
    if found is None:
        raise UnknownTokenError(token)
    return found


async def listed(tx: Tx) -> list[Token]:
    """Return the bare tokens, the oldest first."""
    return [_token(row) for row in await store.bare(tx, MAX_LISTED)]


async def of_member(tx: Tx, member: str) -> list[Token]:
    """Return a member's tokens: those that work first, the newest first."""
    return [_token(row) for row in await store.of_member(tx, member, MAX_LISTED)]


async def _add(
    tx: Tx, *, name: str, role: str, member: str | None, scopes_named: Iterable[str]
) -> tuple[str, str]:
    if not 0 < len(name.strip()) <= MAX_NAME:
        raise TokenNameError
    kept = scopes.checked_scopes(scopes_named)
    token, secret = tx.new_id("tok"), new_secret("prn")
    await store.add(
        tx,
        token,
        name=name,
        role=role,
        secret_hash=hash_of(secret),
        member=member,
        scopes=kept,
    )
    after: dict[str, audit.Value] = {"role": role, "member": member, "scopes": kept}
    await audit.record(tx, "token.created", token, after=after)
    return token, secret


def _token(row: store.Row) -> Token:
    return Token(**{field: row[field] for field in Token.__slots__})
