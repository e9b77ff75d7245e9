"""Rows of cases and messages."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from prunella.kit.house import Tx

if TYPE_CHECKING:
    from prunella.cases.message import Message

Row = DictRow

_ADD_CASE = """
insert into cases (id, customer, contact, subject, about, reuse_key, text, status, severity, level,
  because, context, promised_at, opened_at)
values (%(id)s, %(customer)s, %(contact)s, %(subject)s, %(about)s, %(reuse_key)s, %(text)s, 'new',
  %(severity)s, 'support', %(because)s, %(context)s, %(promised_at)s, %(now)s)
on conflict (customer, reuse_key) where status in ('new', 'open', 'pending', 'on_hold') do nothing
returning *
"""
_BY_ID = "select * from cases where id = %s"
# Contact before case, as everywhere: so two of them never wait for each other.
_LOCK_CONTACT = """
select id from contacts where id = (select contact from cases where id = %s) for update
"""
_LOCK = "select * from cases where id = %s for update"
_LOCK_OPEN = """
select * from cases
where customer = %s and reuse_key = %s and status in ('new', 'open', 'pending', 'on_hold')
for update
"""
_PUT = """
update cases set status = %(status)s, severity = %(severity)s, level = %(level)s,
  solved_at = case when %(status)s in ('solved', 'closed') then coalesce(solved_at, %(now)s) end
where id = %(id)s returning *
"""
_ANSWERED = "update cases set answered_at = %s where id = %s and answered_at is null"
_MOVE = "update cases set contact = %s where id = %s"
# What was tried is a short list; forty entries tell a person enough.
_ADD_TRIED = """
update cases set context = jsonb_set(context, '{tried}', (context -> 'tried') || %(tried)s)
where id = %(id)s and jsonb_array_length(context -> 'tried') < 40
"""
_PAGE = """
select * from cases
where status = any(%(statuses)s)
  and (%(customers)s::text[] is null or customer = any(%(customers)s))
  and (%(after)s::text is null or id < %(after)s)
order by id desc limit %(limit)s
"""
_ADD_MESSAGE = """
insert into messages (id, contact, case_id, customer, direction, author_kind, author_id, subject,
  text, html, created_at)
values (%(id)s, %(contact)s, %(case_id)s, %(customer)s, %(direction)s, %(author_kind)s,
  %(author_id)s, %(subject)s, %(text)s, %(html)s, %(created_at)s)
"""
_MESSAGES = """
select * from messages where case_id = %(case)s or contact = %(contact)s
order by created_at, id limit %(limit)s
"""
_LAST_TEXT = """
select text from messages where case_id = %s order by created_at desc, id desc limit 1
"""


async def add_case(tx: Tx, words: Mapping[str, Any], context: Mapping[str, Any]) -> Row | None:
    """Insert a case; None when the customer has an open one of the same matter."""
    keys = {"id": tx.new_id("case"), "reuse_key": _reuse_key(words), "now": tx.now}
    return await tx.one(_ADD_CASE, {**words, **keys, "context": Jsonb(dict(context))})


async def case_by_id(tx: Tx, case: str) -> Row | None:
    return await tx.one(_BY_ID, (case,))


async def lock_case(tx: Tx, case: str) -> Row | None:
    await tx.execute(_LOCK_CONTACT, (case,))
    return await tx.one(_LOCK, (case,))


async def lock_open_case(tx: Tx, customer: str, words: Mapping[str, Any]) -> Row | None:
    return await tx.one(_LOCK_OPEN, (customer, _reuse_key(words)))


async def put_case(tx: Tx, case: str, values: Mapping[str, str]) -> Row:
    return await tx.one(_PUT, {"id": case, "now": tx.now, **values}) or {}


async def answered(tx: Tx, case: str) -> None:
    await tx.execute(_ANSWERED, (tx.now, case))


async def move_to_contact(tx: Tx, case: str, contact: str) -> None:
    await tx.execute(_MOVE, (contact, case))


async def add_tried(tx: Tx, case: str, tried: Sequence[Mapping[str, Any]]) -> None:
    if tried:
        await tx.execute(_ADD_TRIED, {"id": case, "tried": Jsonb(list(tried))})


async def page_of_cases(
    tx: Tx, statuses: list[str], customers: list[str] | None, after: str | None, limit: int
) -> list[Row]:
    where = {"statuses": statuses, "customers": customers, "after": after, "limit": limit}
    return await tx.all(_PAGE, where)


async def add_message(tx: Tx, message: "Message") -> None:
    await tx.execute(_ADD_MESSAGE, asdict(message))


async def messages_of_case(tx: Tx, case: str, contact: str, limit: int) -> list[Row]:
    return await tx.all(_MESSAGES, {"case": case, "contact": contact, "limit": limit})


async def last_text(tx: Tx, case: str) -> str | None:
    row = await tx.one(_LAST_TEXT, (case,))
    return row["text"] if row else None


def _reuse_key(words: Mapping[str, Any]) -> str:
    return str(words["about"] or words["subject"].casefold())
