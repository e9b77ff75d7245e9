"""Rows of sessions and of the keys that sign our links. Both live in system time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg.rows import DictRow

from prunella.kit.house import Tx

_OPEN = """
insert into sessions (id, secret_hash, kind, customer, person, role, purpose, subject, verified,
  csrf, device, address, created_at, expires_at)
values (%(id)s, %(secret_hash)s, %(kind)s, %(customer)s, %(person)s, %(role)s, %(purpose)s,
  %(subject)s, %(verified)s, %(csrf)s, %(device)s, %(address)s, %(created_at)s, %(expires_at)s)
"""
_FIND = "select * from sessions where secret_hash = %s and expires_at > %s"
_END = "delete from sessions where secret_hash = %s"
_END_ALL = "delete from sessions where kind = 'staff' and person = %s"
_OF_PERSON = """
select * from sessions where kind = 'staff' and person = %s and expires_at > %s
order by created_at desc, id desc limit %s
"""
_END_ONE = "delete from sessions where kind = 'staff' and person = %s and id = %s"
_SET_ROLE = "update sessions set role = %s where kind = 'staff' and person = %s"
# Two requests of one session at once: the second one must not wait for the end of the first.
_TOUCH = """
update sessions set seen_at = %(now)s where id in (
  select id from sessions where id = %(id)s and (seen_at is null or seen_at < %(before)s)
  for update skip locked)
"""
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


async def of_person(tx: Tx, person: str, now: datetime, limit: int) -> list[DictRow]:
    return await tx.all(_OF_PERSON, (person, now, limit))


async def end_one(tx: Tx, person: str, session: str) -> int:
    return await tx.execute(_END_ONE, (person, session))


async def set_role(tx: Tx, person: str, role: str) -> None:
    await tx.execute(_SET_ROLE, (role, person))


async def touch(tx: Tx, session: str, now: datetime, before: datetime) -> None:
    await tx.execute(_TOUCH, {"id": session, "now": now, "before": before})


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
