"""Rows of what belongs to which plan."""

from collections.abc import Iterable

from psycopg.rows import DictRow

from prunella.kit.house import Tx

_TURN = "select pg_advisory_xact_lock(hashtextextended('plan_refs', 0))"
_CLEAR = "delete from plan_refs where not (ref = any(%s))"
_PUT = """
insert into plan_refs (ref, plan, asks) values (%s, %s, %s)
on conflict (ref) do update set plan = excluded.plan, asks = excluded.asks
"""
_OF = "select distinct plan from plan_refs where ref = any(%s)"
_ALL = "select ref, plan, asks from plan_refs"


async def put_all(tx: Tx, rows: Iterable[tuple[str, str, bool]]) -> None:
    kept = list(rows)
    await tx.execute(_TURN)
    await tx.execute(_CLEAR, ([ref for ref, _, _ in kept],))
    await tx.many(_PUT, kept)


async def of_refs(tx: Tx, refs: list[str]) -> list[str]:
    return [row["plan"] for row in await tx.all(_OF, (refs,))]


async def every(tx: Tx) -> list[DictRow]:
    return await tx.all(_ALL)
