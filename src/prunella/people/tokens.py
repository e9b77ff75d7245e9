"""API tokens of staff and services: made once, shown once, revoked for good."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from prunella import audit
from prunella.kit.actor import Actor
from prunella.kit.house import Tx
from prunella.people import roster, sessions, store
from prunella.people.secret import hash_of, new_secret

Role = Literal["admin", "lead", "agent", "csm", "finance", "viewer", "service"]
ROLES: tuple[Role, ...] = get_args(Role)
MAX_NAME = 100
MAX_SECRET = 512
MAX_LISTED = 1000
ADMIN = Actor(kind="staff", id="admin", role="admin", verified=True)
"""Whoever holds PRUNELLA_ADMIN_TOKEN."""


class UnknownRoleError(ValueError):
    """This role does not exist. Use admin, lead, agent, csm, finance, viewer or service."""


class TokenNameError(ValueError):
    """A token needs a name of at most 100 characters, so that people know whose it is."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token as people see it later: everything but the secret."""

    id: str
    name: str
    role: Role
    created_by: str
    created_at: datetime
    revoked_at: datetime | None


async def create(tx: Tx, *, name: str, role: str) -> str:
    """Make a token; returns its secret, which is shown this once and kept only as a hash."""
    if role not in ROLES:
        raise UnknownRoleError(role)
    if not 0 < len(name.strip()) <= MAX_NAME:
        raise TokenNameError
    token, secret = tx.new_id("tok"), new_secret("prn")
    await store.add_token(tx, token=token, name=name, role=role, secret_hash=hash_of(secret))
    if role != "service":
        await roster.join(tx, token, name)
    await audit.record(tx, "token.created", token, after={"role": role})
    return secret


async def of_bearer(tx: Tx, secret: str, *, admin_token: str | None = None) -> Actor | None:
    """Return who holds this secret; None when nobody does, or no longer."""
    if not secret or len(secret) > MAX_SECRET:
        return None
    if admin_token and hmac.compare_digest(hash_of(secret), hash_of(admin_token)):
        return ADMIN
    row = await store.token_of(tx, hash_of(secret))
    if row is None:
        return None
    kind = "service" if row["role"] == "service" else "staff"
    return Actor(kind=kind, id=row["id"], role=row["role"], verified=True)


async def revoke(tx: Tx, token: str) -> bool:
    """End a token and every session that was opened with it. False when there was none."""
    if not await store.revoke_token(tx, token):
        return False
    await sessions.end_all_of(tx, person=token)
    await audit.record(tx, "token.revoked", token)
    return True


async def listed(tx: Tx) -> list[Token]:
    rows = await store.tokens(tx, MAX_LISTED)
    return [Token(**{field: row[field] for field in Token.__slots__}) for row in rows]
