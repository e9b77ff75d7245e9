"""Rows of sessions and of the keys that sign our links. Both live in system time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg.rows import DictRow

from prunella.kit.house import Tx

_OPEN = """
insert into sessions (secret_hash, kind, customer, person, role, purpose, subject, verified, csrf,
  created_at, expires_at)
values (%(secret_hash)s, %(kind)s, %(customer)s, %(person)s, %(role)s, %(purpose)s, %(subject)s,
  %(verified)s, %(csrf)s, %(created_at)s, %(expires_at)s)
"""
_FIND = "select * from sessions where secret_hash = %s and expires_at > %s"
_END = "delete from sessions where secret_hash = %s"
_END_ALL = "delete from sessions where kind = 'staff' and person = %s"
_SWEEP = "delete from sessions where expires_at <= %s"

_KEY_IN_USE = "select id, secret from signing_keys where retired_at is null"
# The update that changes nothing returns the key that another process made at the same moment.
_ADD_KEY = """
insert into signing_keys (id, secret, created_at) values (%s, %s, %s)
on conflict ((true)) where retired_at is null do update set retired_at = null
returning id, secret
"""
_KEY = "select secret from signing_keys where id = %s and (retired_at is null or retired_at > %s)"
_RETIRE = "update signing_keys set retired_at = %s where retired_at is null"
_END_KEYS = (
    "update signing_keys set retired_at = least(retired_at, %s) where retired_at is not null"
)


async def open_session(tx: Tx, values: Mapping[str, Any]) -> None:
    await tx.execute(_OPEN, dict(values))


async def find(tx: Tx, secret_hash: bytes, now: datetime) -> DictRow | None:
    return await tx.one(_FIND, (secret_hash, now))


async def end(tx: Tx, secret_hash: bytes) -> None:
    await tx.execute(_END, (secret_hash,))


async def end_all(tx: Tx, person: str) -> int:
    return await tx.execute(_END_ALL, (person,))


async def sweep(tx: Tx, now: datetime) -> int:
    return await tx.execute(_SWEEP, (now,))


async def key_in_use(tx: Tx) -> DictRow | None:
    return await tx.one(_KEY_IN_USE)


async def add_key(tx: Tx, key: str, secret: bytes, now: datetime) -> DictRow:
    return await tx.one(_ADD_KEY, (key, secret, now)) or {}


async def key(tx: Tx, key: str, retired_after: datetime) -> bytes | None:
    row = await tx.one(_KEY, (key, retired_after))
    return None if row is None else bytes(row["secret"])


async def retire_key(tx: Tx, now: datetime) -> None:
    await tx.execute(_RETIRE, (now,))


async def end_keys(tx: Tx, retired_at: datetime) -> None:
    """Count every retired key as retired at that time, or before."""
    await tx.execute(_END_KEYS, (retired_at,))
