"""Rows of set-up links."""

from datetime import datetime

from psycopg.rows import DictRow

from prunella.kit.house import Tx

_PUT = """
insert into invitations (secret_hash, member, totp_secret, created_by, created_at, expires_at)
values (%(secret_hash)s, %(member)s, %(totp_secret)s, %(created_by)s, %(created_at)s,
  %(expires_at)s)
on conflict (coalesce(member, '')) do update
set secret_hash = excluded.secret_hash, totp_secret = excluded.totp_secret,
  created_by = excluded.created_by, created_at = excluded.created_at,
  expires_at = excluded.expires_at
"""
_FIND = "select * from invitations where secret_hash = %s and expires_at > %s"
_FIRST = "select 1 from invitations where member is null and expires_at > %s"
_END = "delete from invitations where secret_hash = %s"
_END_OF = "delete from invitations where member = %s"


async def put(
    tx: Tx,
    *,
    secret_hash: bytes,
    member: str | None,
    totp_secret: str,
    created_at: datetime,
    expires_at: datetime,
) -> None:
    """Keep it in place of the one there was."""
    values = {"secret_hash": secret_hash, "member": member, "totp_secret": totp_secret}
    times = {"created_at": created_at, "expires_at": expires_at}
    await tx.execute(_PUT, {**values, **times, "created_by": str(tx.actor)})


async def find(tx: Tx, secret_hash: bytes, now: datetime) -> DictRow | None:
    return await tx.one(_FIND, (secret_hash, now))


async def has_first(tx: Tx, now: datetime) -> bool:
    return await tx.one(_FIRST, (now,)) is not None


async def end(tx: Tx, secret_hash: bytes) -> bool:
    """End it; false where it had ended, so that it works once."""
    return bool(await tx.execute(_END, (secret_hash,)))


async def end_of(tx: Tx, member: str) -> None:
    await tx.execute(_END_OF, (member,))
