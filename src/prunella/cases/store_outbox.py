"""Rows of mail on its way out. When to try again is system time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from prunella.kit.house import Tx

if TYPE_CHECKING:
    from prunella.cases.message import Message

Row = DictRow

_ADD = """
insert into outbox (message, recipient, cc, headers, parents, sender, subject, text, html, state,
  error, next_at, state_changed_at)
values (%(message)s, %(recipient)s, %(cc)s, %(headers)s, %(parents)s, %(sender)s, %(subject)s,
  %(text)s, %(html)s, %(state)s, %(error)s, %(next_at)s, %(now)s)
"""
_ADD_WRITTEN = """
with written as (
  insert into messages (id, contact, case_id, customer, direction, author_kind, author_id, subject,
    text, html, created_at, channel)
  values (%(id)s, %(contact)s, %(case_id)s, %(customer)s, %(direction)s, %(author_kind)s,
    %(author_id)s, %(subject)s, %(text)s, %(html)s, %(created_at)s, %(channel)s)
  returning id, created_at
)
insert into outbox (message, recipient, headers, parents, state, error, next_at, state_changed_at)
select id, %(recipient)s, %(headers)s, %(parents)s, %(state)s, %(error)s, %(next_at)s, created_at
from written
"""
_TAKE = """
update outbox o set attempts = o.attempts + 1, next_at = %(until)s
from messages m
where o.message = (
  select message from outbox where state = 'waiting' and next_at <= %(now)s
  order by next_at, message limit 1 for update skip locked
) and m.id = o.message
returning o.message, o.recipient, o.cc, o.headers, o.parents, o.sender, o.message_id, o.attempts,
  m.customer, m.contact, m.created_at, coalesce(o.subject, m.subject) as subject,
  coalesce(o.text, m.text) as text, case when o.text is null then m.html else o.html end as html
"""
_NAME = "update outbox set message_id = %s where message = %s"
# Whoever took it again meanwhile has counted another try, and settles it.
_SETTLE = """
update outbox set state = %s, error = %s, state_changed_at = %s
where message = %s and attempts = %s and state = 'waiting'
"""
_WAIT = """
update outbox set error = %s, next_at = %s
where message = %s and attempts = %s and state = 'waiting'
"""
_EXPLAIN = """
update outbox set error = %(words)s where message in (
  select message from outbox where state = 'waiting' and error = '' and next_at <= %(now)s
  order by next_at limit %(most)s for update skip locked
)
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


async def add_written(tx: Tx, message: "Message", values: Mapping[str, Any]) -> None:
    """Insert a message and its mail, which says just that."""
    said = {name: getattr(message, name) for name in message.__slots__}
    await tx.send(_ADD_WRITTEN, {**said, **values, "headers": Jsonb(values["headers"])})


async def take(tx: Tx, *, now: datetime, until: datetime) -> Row | None:
    """Take the mail that was due first, and count the try; nobody else does until then."""
    return await tx.one(_TAKE, {"now": now, "until": until})


async def name(tx: Tx, message: str, message_id: str) -> None:
    await tx.execute(_NAME, (message_id, message))


async def settle(tx: Tx, row: Row, state: str, error: str) -> bool:
    values = (state, error, tx.now, row["message"], row["attempts"])
    return bool(await tx.execute(_SETTLE, values))


async def wait(tx: Tx, row: Row, error: str, again_at: datetime) -> None:
    await tx.execute(_WAIT, (error, again_at, row["message"], row["attempts"]))


async def explain(tx: Tx, words: str, *, now: datetime, most: int) -> int:
    """Say why mails wait that are due, where nothing was said; returns of how many."""
    return await tx.execute(_EXPLAIN, {"words": words, "now": now, "most": most})


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
