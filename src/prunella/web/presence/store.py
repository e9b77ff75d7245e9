"""Rows of who is on which case."""

from datetime import datetime

from psycopg.rows import DictRow

from prunella.kit.house import Tx

_PUT = """
insert into presence (case_id, person, doing, until) values (%s, %s, %s, %s)
on conflict (case_id, person) do update set doing = excluded.doing, until = excluded.until
"""
_TAKE = "delete from presence where case_id = %s and person = %s"
# Rows that somebody else is renewing or forgetting right now are left to them.
_FORGET = """
delete from presence where (case_id, person) in
  (select case_id, person from presence where until < %s limit 100 for update skip locked)
"""
_ON_CASE = """
select person, doing from presence
where case_id = %s and person <> %s and until > %s
order by doing = 'looking', person limit %s
"""


async def put(tx: Tx, case: str, person: str, doing: str, until: datetime) -> None:
    await tx.execute(_PUT, (case, person, doing, until))


async def take(tx: Tx, case: str, person: str) -> None:
    await tx.execute(_TAKE, (case, person))


async def forget(tx: Tx, now: datetime) -> None:
    await tx.execute(_FORGET, (now,))


async def on_case(tx: Tx, case: str, person: str, now: datetime, limit: int) -> list[DictRow]:
    return await tx.all(_ON_CASE, (case, person, now, limit))
