"""Rows of mail on its way out. When to try again is system time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from prunella.kit.house import Tx

Row = DictRow

_ADD = """
insert into outbox (message, recipient, cc, headers, parents, sender, subject, text, html, state,
  error, next_at, state_changed_at)
values (%(message)s, %(recipient)s, %(cc)s, %(headers)s, %(parents)s, %(sender)s, %(subject)s,
  %(text)s, %(html)s, %(state)s, %(error)s, %(next_at)s, %(now)s)
"""
# The id is given at the first try and stays, whatever is configured later.
_BEGIN = """
update outbox o set attempts = o.attempts + 1, message_id = coalesce(o.message_id, %s)
from messages m
where o.message = %s and o.state = 'waiting' and m.id = o.message
returning o.message, o.recipient, o.cc, o.headers, o.parents, o.sender, o.message_id, o.attempts,
  m.customer, m.contact, m.created_at, coalesce(o.subject, m.subject) as subject,
  coalesce(o.text, m.text) as text, case when o.text is null then m.html else o.html end as html
"""
_SETTLE = """
update outbox set state = %s, error = %s, state_changed_at = %s
where message = %s and state = 'waiting'
"""
_WAIT = "update outbox set error = %s, next_at = %s where message = %s and state = 'waiting'"
_TAKE_DUE = """
update outbox set next_at = %s where message = (
  select message from outbox where state = 'waiting' and next_at <= %s
  order by next_at limit 1 for update skip locked
)
returning message
"""
_WRITTEN_TO = """
select 1 as written from outbox o join messages m on m.id = o.message where m.contact = %s limit 1
"""
_SENT_ABOUT = """
select o.state_changed_at as at
from contacts c join messages m on m.contact = c.id join outbox o on o.message = m.id
where c.customer = %s and c.subject = %s and o.state = 'sent'
order by m.created_at desc, m.id desc limit %s
"""
_LISTED = """
select o.message, m.customer, m.case_id as case, o.recipient,
  coalesce(o.subject, m.subject) as subject, o.state, o.attempts, o.error, o.state_changed_at
from outbox o join messages m on m.id = o.message
where o.state = any(%s) order by o.state_changed_at desc, o.message limit %s
"""
_OF_MESSAGES = """
select o.message, m.customer, m.case_id as case, o.recipient,
  coalesce(o.subject, m.subject) as subject, o.state, o.attempts, o.error, o.state_changed_at
from outbox o join messages m on m.id = o.message where o.message = any(%s)
"""
_REVIVE = """
update outbox set state = 'waiting', attempts = 0, error = '', next_at = %s, state_changed_at = %s
where message = %s and state = 'failed'
"""
_BOUNCE = """
update outbox o set state = 'failed', error = %s, state_changed_at = %s
from messages m where o.message = %s and m.id = o.message and o.state <> 'failed'
returning m.customer, m.contact
"""


async def add(tx: Tx, message: str, values: Mapping[str, Any]) -> None:
    headers = Jsonb(values["headers"])
    await tx.send(_ADD, {**values, "message": message, "headers": headers, "now": tx.now})


async def begin(tx: Tx, message: str, message_id: str) -> Row | None:
    """Count a try of a mail that waits; None when it no longer does."""
    return await tx.one(_BEGIN, (message_id, message))


async def settle(tx: Tx, message: str, state: str, error: str) -> bool:
    return bool(await tx.execute(_SETTLE, (state, error, tx.now, message)))


async def wait(tx: Tx, message: str, error: str, again_at: datetime) -> None:
    await tx.execute(_WAIT, (error, again_at, message))


async def take_due(tx: Tx, *, now: datetime, again_at: datetime) -> str | None:
    row = await tx.one(_TAKE_DUE, (again_at, now))
    return row["message"] if row else None


async def written_to(tx: Tx, contact: str) -> bool:
    return await tx.one(_WRITTEN_TO, (contact,)) is not None


async def sent_about(tx: Tx, customer: str, subject: str, limit: int) -> list[datetime]:
    return [row["at"] for row in await tx.all(_SENT_ABOUT, (customer, subject, limit))]


async def listed(tx: Tx, states: list[str], limit: int) -> list[Row]:
    return await tx.all(_LISTED, (states, limit))


async def of_messages(tx: Tx, messages: Sequence[str]) -> list[Row]:
    return await tx.all(_OF_MESSAGES, (list(messages),))


async def revive(tx: Tx, message: str, *, next_at: datetime) -> bool:
    return bool(await tx.execute(_REVIVE, (next_at, tx.now, message)))


async def bounce(tx: Tx, message: str, words: str) -> Row | None:
    return await tx.one(_BOUNCE, (words, tx.now, message))
