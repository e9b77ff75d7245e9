"""Rows of the words that cases are found by."""

from typing import Any

from psycopg.rows import DictRow

from prunella.cases.spans import Span
from prunella.cases.store_finding import planned_anew
from prunella.kit.house import Tx

Row = DictRow

_HEAD = """
select c.number, c.subject, c.about, c.tags, u.name, u.email
from cases c join customers u on u.id = c.customer where c.id = %s
"""
_PUT_HEAD = """
insert into case_words (case_id, message, number, head, said)
values (%(case)s, '', %(number)s, array_to_tsvector(%(words)s::text[]), '')
on conflict (case_id, message) do nothing
"""
_CHANGE_HEADS = """
update case_words set head = array_to_tsvector(%(words)s::text[])
where case_id = %(case)s and head <> array_to_tsvector(%(words)s::text[])
"""
_ADD_MESSAGE = """
insert into case_words (case_id, message, number, head, said)
select case_id, %(message)s, number, head, array_to_tsvector(%(words)s::text[])
from case_words where case_id = %(case)s and message = ''
on conflict (case_id, message) do nothing
"""
_MOVE = """
update case_words w set case_id = h.case_id, number = h.number, head = h.head
from case_words h
where h.case_id = %(to)s and h.message = ''
  and w.case_id in (select id from cases where id = %(of)s or merged_into = %(of)s)
  and w.message = any(%(messages)s) and w.message <> ''
"""
_CASES_OF = "select id from cases where customer = %s order by id desc limit %s"
_IN_HEADS = """
select case_id from case_words
where message = '' and head || said @@ %(asked)s::tsquery and spans @> %(spans)s
  and number < %(top)s
limit %(limit)s
"""
# What is found by its head was told before; it counts as looked at all the same.
_IN_MESSAGES = """
select case_id, head @@ %(asked)s::tsquery as told from case_words
where message <> '' and head || said @@ %(asked)s::tsquery and spans @> %(spans)s
  and number < %(top)s
limit %(limit)s
"""
# Materialized: the words are read, not looked up, as who asks knows that they are frequent.
_AMONG = """
with theirs as materialized (
  select case_id, number, message, head, said from case_words
  where case_id = any(%(cases)s) and (message = '') = %(heads)s
)
select distinct case_id, number from theirs
where case when message = '' then head @@ %(asked)s::tsquery
  else head || said @@ %(asked)s::tsquery and not head @@ %(asked)s::tsquery end
"""


async def head(tx: Tx, case: str) -> Row | None:
    return await tx.one(_HEAD, (case,))


async def add_head(tx: Tx, case: str, *, number: int, words: list[str]) -> None:
    await tx.send(_PUT_HEAD, {"case": case, "number": number, "words": words})


async def put_head(tx: Tx, case: str, *, number: int, words: list[str]) -> bool:
    """Add the row, or change the head of all rows that there are; returns whether it is new."""
    values = {"case": case, "number": number, "words": words}
    added = await tx.execute(_PUT_HEAD, values)
    return bool(added or await tx.execute(_CHANGE_HEADS, values))


async def add_message(tx: Tx, case: str, message: str, words: list[str]) -> None:
    await tx.send(_ADD_MESSAGE, {"case": case, "message": message, "words": words})


async def move(tx: Tx, messages: list[str], *, of: str, to: str) -> None:
    await tx.execute(_MOVE, {"messages": messages, "of": of, "to": to})


async def cases_of(tx: Tx, customer: str, limit: int) -> list[str]:
    return [row["id"] for row in await tx.all(_CASES_OF, (customer, limit))]


async def in_heads(tx: Tx, asked: str, span: Span, *, limit: int) -> list[Row]:
    return await planned_anew(tx, _IN_HEADS, _where(asked, span, "h", limit))


async def in_messages(tx: Tx, asked: str, span: Span, *, limit: int) -> list[Row]:
    """Return rows that say whether their case is found by its head as well."""
    return await planned_anew(tx, _IN_MESSAGES, _where(asked, span, "m", limit))


async def among(tx: Tx, part: str, asked: str, cases: list[str]) -> list[Row]:
    where = {"asked": asked, "heads": part == "h", "cases": cases}
    return await planned_anew(tx, _AMONG, where)


def _where(asked: str, span: Span, part: str, limit: int) -> dict[str, Any]:
    key = f"{part}{span.key[1:]}"
    return {"asked": asked, "spans": [key], "top": span.top, "limit": limit}
