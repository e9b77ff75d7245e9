"""Rows of colleagues: staff members and the holders of bare tokens, as one list."""

from psycopg.rows import DictRow

from prunella.kit.house import Tx

Row = DictRow

# Handles are given one after another, so that two people never get the same one.
_TURN = "select pg_advisory_xact_lock(hashtextextended('colleague_handles', 0))"
_SOME = """
select c.*, coalesce(s.name, t.name) as name, coalesce(s.role, t.role) as role,
  (s.joined_at is not null and s.disabled_at is null) or (t.id is not null and t.revoked_at is null)
    as active
from colleagues c left join staff s on s.id = c.id left join api_tokens t on t.id = c.id
where c.id = any(%s)
"""
_ACTIVE = """
select c.*, coalesce(s.name, t.name) as name, coalesce(s.role, t.role) as role, true as active
from colleagues c
left join staff s on s.id = c.id and s.joined_at is not null and s.disabled_at is null
left join api_tokens t on t.id = c.id and t.revoked_at is null
where s.id is not null or t.id is not null
order by lower(coalesce(s.name, t.name)), c.id limit %s
"""
_OF_HANDLES = """
select c.*, coalesce(s.name, t.name) as name, coalesce(s.role, t.role) as role, true as active
from colleagues c
left join staff s on s.id = c.id
  and (s.joined_at is not null and s.disabled_at is null or %(everybody)s)
left join api_tokens t on t.id = c.id and (t.revoked_at is null or %(everybody)s)
where c.handle = any(%(handles)s) and (s.id is not null or t.id is not null)
"""
_LIKE = "select handle from colleagues where handle = %(handle)s or handle like %(handle)s || '-%%'"
_ADD = "insert into colleagues (id, handle, teams) values (%s, %s, %s)"
_SET_TEAMS = "update colleagues set teams = %s where id = %s"
_SET_CAPACITY = "update colleagues set capacity = %s where id = %s"
_SET_PROFILE = "update colleagues set handle = %s, signature = %s, time_zone = %s where id = %s"
_ZONE = """
select coalesce((select time_zone from colleagues where id = %s), time_zone) as zone from company
"""
_SET_CSM = "update customers set csm = %s where id = %s"


async def take_turn(tx: Tx) -> None:
    await tx.execute(_TURN)


async def some(tx: Tx, ids: list[str]) -> list[Row]:
    return await tx.all(_SOME, (ids,))


async def active(tx: Tx, limit: int) -> list[Row]:
    return await tx.all(_ACTIVE, (limit,))


async def of_handles(tx: Tx, handles: list[str], *, everybody: bool = False) -> list[Row]:
    return await tx.all(_OF_HANDLES, {"handles": handles, "everybody": everybody})


async def handles_like(tx: Tx, handle: str) -> set[str]:
    """A handle holds nothing that a pattern would take for more than itself."""
    return {row["handle"] for row in await tx.all(_LIKE, {"handle": handle})}


async def add(tx: Tx, colleague: str, handle: str, teams: list[str]) -> None:
    await tx.execute(_ADD, (colleague, handle, teams))


async def set_teams(tx: Tx, colleague: str, teams: list[str]) -> None:
    await tx.execute(_SET_TEAMS, (teams, colleague))


async def set_capacity(tx: Tx, colleague: str, capacity: int | None) -> None:
    await tx.execute(_SET_CAPACITY, (capacity, colleague))


async def set_profile(
    tx: Tx, colleague: str, handle: str, signature: str, time_zone: str | None
) -> None:
    await tx.execute(_SET_PROFILE, (handle, signature, time_zone, colleague))


async def zone_of(tx: Tx, colleague: str) -> str:
    row = await tx.one(_ZONE, (colleague,))
    return str(row["zone"]) if row else "UTC"


async def set_csm(tx: Tx, customer: str, colleague: str | None) -> None:
    await tx.execute(_SET_CSM, (colleague, customer))
