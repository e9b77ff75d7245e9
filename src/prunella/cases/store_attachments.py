"""Rows of attachments. Their bytes are read one file at a time."""

from collections.abc import Sequence
from datetime import datetime

from psycopg.rows import DictRow

from prunella.kit.house import Tx

Row = DictRow

_ADD = """
insert into attachments (id, message, name, type, size, sha256, data, created_at)
values (%s, %s, %s, %s, %s, sha256(%s), %s, %s)
"""
_OF_MESSAGES = """
select id, message, name, type, size, created_at from attachments
where message = any(%s) order by message, id limit %s
"""
_SIZE = """
select count(*) as files, coalesce(sum(size), 0) as bytes from attachments where message = %s
"""
_ONE = """
select a.id, a.message, a.name, a.type, a.size, a.created_at, a.data,
  m.customer, m.case_id, m.direction
from attachments a join messages m on m.id = a.message where a.id = %s
"""
_DATA = "select name, type, data from attachments where message = %s order by id limit %s"
_CASE = """
select m.case_id from attachments a join messages m on m.id = a.message where a.id = %s
"""
_HOLD = "select id, case_id from messages where id = %s for update"


async def hold_message(tx: Tx, message: str) -> Row | None:
    return await tx.one(_HOLD, (message,))


async def size_of(tx: Tx, message: str) -> Row:
    return await tx.one(_SIZE, (message,)) or {}


async def add(tx: Tx, row: tuple[str, str, str, str, int, bytes, datetime]) -> None:
    file, message, name, kind, size, data, at = row
    await tx.execute(_ADD, (file, message, name, kind, size, data, data, at))


async def of_messages(tx: Tx, messages: Sequence[str], limit: int) -> list[Row]:
    return await tx.all(_OF_MESSAGES, (list(messages), limit))


async def one(tx: Tx, attachment: str) -> Row | None:
    return await tx.one(_ONE, (attachment,))


async def data_of(tx: Tx, message: str, limit: int) -> list[Row]:
    return await tx.all(_DATA, (message, limit))


async def case_of(tx: Tx, attachment: str) -> str:
    row = await tx.one(_CASE, (attachment,))
    return str(row["case_id"] or "") if row else ""
