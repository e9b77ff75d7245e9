"""Rows of saved views."""

from collections.abc import Mapping
from typing import Any

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from prunella.kit.house import Tx

Row = DictRow

_PUT = """
insert into case_views (id, owner, name, shared, wanted, created_at)
values (%(id)s, %(owner)s, %(name)s, %(shared)s, %(wanted)s, %(now)s)
on conflict (id) do update
set name = excluded.name, shared = excluded.shared, wanted = excluded.wanted
"""
_REMOVE = "delete from case_views where id = %s"
_ONE = "select * from case_views where id = %s"
_HOW_MANY = "select count(*) as number from case_views where owner = %s"
_SEEN_BY = """
select * from case_views where owner = %(who)s or shared
order by owner <> %(who)s, lower(name), id limit %(limit)s
"""


async def put(tx: Tx, view: Mapping[str, Any]) -> None:
    await tx.execute(_PUT, {**view, "wanted": Jsonb(view["wanted"]), "now": tx.now})


async def remove(tx: Tx, view: str) -> None:
    await tx.execute(_REMOVE, (view,))


async def one(tx: Tx, view: str) -> Row | None:
    return await tx.one(_ONE, (view,))


async def how_many(tx: Tx, owner: str) -> int:
    row = await tx.one(_HOW_MANY, (owner,))
    return int(row["number"]) if row else 0


async def seen_by(tx: Tx, who: str, limit: int) -> list[Row]:
    return await tx.all(_SEEN_BY, {"who": who, "limit": limit})
