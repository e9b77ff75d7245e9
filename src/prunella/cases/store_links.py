"""Rows that say how two cases belong together."""

from psycopg.rows import DictRow

from prunella.kit.house import Tx

Row = DictRow

_ADD = """
insert into case_links (one_case, other, kind, created_at) values (%s, %s, %s, %s)
on conflict do nothing
"""
_REMOVE = """
delete from case_links where kind = %(kind)s
  and ((one_case = %(one)s and other = %(other)s) or (one_case = %(other)s and other = %(one)s))
"""
_OF = """
select l.other as id, l.kind, true as outward, c.number, c.subject, c.status
from case_links l join cases c on c.id = l.other where l.one_case = %(case)s
union all
select l.one_case, l.kind, false, c.number, c.subject, c.status
from case_links l join cases c on c.id = l.one_case where l.other = %(case)s
order by 1 limit %(limit)s
"""


async def add(tx: Tx, one: str, other: str, kind: str) -> bool:
    return bool(await tx.execute(_ADD, (one, other, kind, tx.now)))


async def remove(tx: Tx, one: str, other: str, kind: str) -> bool:
    return bool(await tx.execute(_REMOVE, {"one": one, "other": other, "kind": kind}))


async def of_case(tx: Tx, case: str, limit: int) -> list[Row]:
    return await tx.all(_OF, {"case": case, "limit": limit})
