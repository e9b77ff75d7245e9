"""The rows that a case begins with: all that is known beforehand goes in at once."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from prunella.cases.sla import Clocks
from prunella.kit.house import Tx

if TYPE_CHECKING:
    from prunella.cases.contact import Contact
    from prunella.cases.message import Message

Row = DictRow

# What can be known of clocks that begin; the rest is as the table has it.
_OF_CLOCKS = (
    *("plan", "time_zone", "country", "response_due_at", "response_target_at"),
    *("resolution_due_at", "resolution_target_at", "batch_at", "resolved_at"),
)
# Without a new case there is nothing else either. What points at what is looked at in the end.
_ADD = """
with new as (
  insert into cases (id, customer, contact, subject, about, reuse_key, text, status, severity,
    level, because, context, promised_at, opened_at, kind, channel, tags, priority, spam, cause,
    due_at)
  values (%(id)s, %(customer)s, %(contact)s, %(subject)s, %(about)s, %(reuse_key)s, %(text)s,
    'new', %(severity)s, 'support', %(because)s, %(context)s, %(response_due_at)s, %(now)s,
    %(kind)s, %(channel)s, %(tags)s, %(priority)s, %(spam)s, %(cause)s, %(due_at)s)
  on conflict (customer, reuse_key) where status in ('new', 'open', 'pending', 'on_hold')
  do nothing
  returning *
), thread as (
  insert into contacts (id, customer, channel, direction, subject, tiers, created_at, heard_at)
  select contact, customer, channel, %(direction)s, %(thread)s, %(tiers)s, opened_at, %(heard_at)s
  from new where %(thread)s::text is not null
), head as (
  insert into case_heads (case_id, number, head)
  select id, number, array_to_tsvector(%(head)s::text[] || number::text) from new
  returning case_id, number, head
), words as (
  insert into case_words (case_id, part, number, head, said)
  select case_id, 0, number, head, array_to_tsvector(%(said)s::text[]) from head
  where %(message)s::text is not null
), message as (
  insert into messages (id, contact, case_id, customer, direction, author_kind, author_id, subject,
    text, created_at, channel)
  select %(message)s, contact, id, customer, %(way)s, %(author_kind)s, %(author_id)s, subject,
    text, opened_at, channel
  from new where %(message)s::text is not null
), clocks as (
  insert into case_clocks (case_id, plan, severity, time_zone, country, opened_at,
    response_due_at, response_target_at, resolution_due_at, resolution_target_at, batch_at,
    resolved_at)
  select id, %(plan)s, severity, %(time_zone)s, %(country)s, opened_at, promised_at,
    %(response_target_at)s, %(resolution_due_at)s, %(resolution_target_at)s, %(batch_at)s,
    %(resolved_at)s
  from new
)
select * from new
"""


async def add(
    tx: Tx,
    words: Mapping[str, Any],
    *,
    thread: "Contact | None",
    message: "Message | None",
    clocks: Clocks,
    found_by: Mapping[str, Sequence[str]],
) -> Row | None:
    """Insert a case; None when the customer has an open one of the same matter.

    `words` are of the case itself. `thread` is a contact that is opened with it, `message` the
    first one on it, with the case's own text. `found_by` are the words of its `head`, without its
    number, and those `said`.
    """
    values = {
        **words,
        "now": tx.now,
        "tags": list(words["tags"]),
        "context": Jsonb(dict(words["context"])),
        "due_at": clocks.due_at(),
        **found_by,
        **_of_thread(thread),
        **_of_message(message),
        **{name: getattr(clocks, name) for name in _OF_CLOCKS},
    }
    return await tx.one(_ADD, values)


def _of_thread(thread: "Contact | None") -> dict[str, Any]:
    return {
        "thread": thread.subject if thread else None,
        "direction": thread.direction if thread else None,
        "tiers": list(thread.tiers) if thread else None,
        "heard_at": thread.heard_at if thread else None,
    }


def _of_message(message: "Message | None") -> dict[str, Any]:
    return {
        "message": message.id if message else None,
        "way": message.direction if message else None,
        "author_kind": message.author_kind if message else None,
        "author_id": message.author_id if message else None,
    }
