"""Rows of API tokens. They live in system time."""

from datetime import datetime

from psycopg.rows import DictRow

from prunella.kit.clock import system_now
from prunella.kit.house import Tx

Row = DictRow

_ADD = """
insert into api_tokens (id, name, role, secret_hash, member, scopes, created_by, created_at)
values (%(id)s, %(name)s, %(role)s, %(secret_hash)s, %(member)s, %(scopes)s, %(created_by)s,
  %(created_at)s)
"""
# A member's token has the role that the member has now, and nothing once they are disabled.
_HELD = """
select t.id, coalesce(s.role, t.role) as role, t.member, t.scopes, t.used_at
from api_tokens t left join staff s on s.id = t.member
where t.secret_hash = %s and t.revoked_at is null
  and (t.member is null or (s.joined_at is not null and s.disabled_at is null))
"""
# Two requests with one token at once: the second one must not wait for the end of the first.
_TOUCH = """
update api_tokens set used_at = %(now)s where id in (
  select id from api_tokens where id = %(id)s and (used_at is null or used_at < %(before)s)
  for update skip locked)
"""
_ONE = "select * from api_tokens where id = %s"
_REVOKE = "update api_tokens set revoked_at = %s where id = %s and revoked_at is null"
_REVOKE_ALL = "update api_tokens set revoked_at = %s where member = %s and revoked_at is null"
_BARE = "select * from api_tokens where member is null order by created_at, id limit %s"
# A token is older than those that it makes, so this ends. A key of the house's set-up is nobody's
# maker: whom it handed a token to, it does not know.
_BEHIND = """
with recursive makers (of, person, n) as (
  select one, one, 0 from unnest(%(people)s::text[]) one
  union all
  select m.of, substr(t.created_by, 7), m.n + 1
  from makers m join api_tokens t on t.id = m.person
  where t.member is null and t.created_by like 'staff:%%'
    and substr(t.created_by, 7) <> all(%(keys)s)
)
select distinct on (of) of, person from makers order by of, n desc
"""
_OF_MEMBER = """
select * from api_tokens where member = %s order by revoked_at is not null, created_at desc, id desc
limit %s
"""


async def add(
    tx: Tx,
    token: str,
    *,
    name: str,
    role: str,
    secret_hash: bytes,
    member: str | None,
    scopes: list[str],
) -> None:
    words = {"id": token, "name": name, "role": role, "secret_hash": secret_hash}
    rights = {"member": member, "scopes": scopes, "created_by": str(tx.actor)}
    await tx.execute(_ADD, {**words, **rights, "created_at": system_now()})


async def held(tx: Tx, secret_hash: bytes) -> DictRow | None:
    return await tx.one(_HELD, (secret_hash,))


async def touch(tx: Tx, token: str, now: datetime, before: datetime) -> None:
    await tx.execute(_TOUCH, {"id": token, "now": now, "before": before})


async def one(tx: Tx, token: str) -> DictRow | None:
    return await tx.one(_ONE, (token,))


async def revoke(tx: Tx, token: str) -> bool:
    return bool(await tx.execute(_REVOKE, (system_now(), token)))


async def revoke_all(tx: Tx, member: str) -> int:
    return await tx.execute(_REVOKE_ALL, (system_now(), member))


async def bare(tx: Tx, limit: int) -> list[DictRow]:
    return await tx.all(_BARE, (limit,))


async def of_member(tx: Tx, member: str, limit: int) -> list[DictRow]:
    return await tx.all(_OF_MEMBER, (member, limit))


async def behind(tx: Tx, people: list[str], *, keys: list[str]) -> dict[str, str]:
    """Return by each of these the person at the end of those who made their tokens."""
    rows = await tx.all(_BEHIND, {"people": people, "keys": keys})
    return {row["of"]: row["person"] for row in rows}
