"""Rows of cases and messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg import Rollback
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from prunella.kit.house import Tx

if TYPE_CHECKING:
    from prunella.cases.message import Message

Row = DictRow
MAX_LOOKS = 20


class CaseBusyError(Exception):
    """Many people change this case at this moment. Nothing was done; try again."""


_BY_ID = "select * from cases where id = %s"
_ROOTS = "select id, coalesce(merged_into, id) as root from cases where id = any(%s)"
# Contacts before cases, each in the order of their ids, as everywhere: so no two of us ever wait
# for each other. Who only adds a row that points here need not wait: no key is changed.
_LOCK_CONTACTS = "select id from contacts where id = any(%s) order by id for no key update"
_CONTACTS_OF = """
select contact from cases where id = any(%(cases)s) or merged_into = any(%(cases)s)
"""
_LOCK = "select * from cases where id = any(%s) order by id for no key update"
_MATTER = """
select (
  select id from cases where customer = %(customer)s and reuse_key = %(key)s
    and status in ('new', 'open', 'pending', 'on_hold')
) as case, exists (
  select from contacts where customer = %(customer)s and subject = %(about)s and ended_at is null
) as has_thread
"""
_PUT = """
update cases set status = %(status)s, severity = %(severity)s, level = %(level)s, kind = %(kind)s,
  assignee = %(assignee)s, team = %(team)s, tags = %(tags)s, priority = %(priority)s,
  snoozed_until = %(snoozed_until)s, spam = %(spam)s, merged_into = %(merged_into)s,
  root_cause = %(root_cause)s, closings = %(closings)s, answered_at = %(answered_at)s,
  reuse_key = case when %(apart)s then id else reuse_key end,
  solved_at = case when %(status)s in ('solved', 'closed') then coalesce(solved_at, %(now)s) end
where id = %(id)s returning *
"""
_CONTACTS = (
    "select contact from cases where id = %(case)s or merged_into = %(case)s order by contact"
)
_CLOSINGS = """
select coalesce(sum(closings), 0)::int as closings,
  coalesce(bool_or(root_cause <> ''), false) as explained
from cases where customer = any(%s) and cause = %s
"""
_MOVE = "update cases set contact = %s where id = %s"
# What was tried is a short list; forty entries tell a person enough.
_ADD_TRIED = """
update cases set context = jsonb_set(context, '{tried}', (context -> 'tried') || %(tried)s)
where id = %(id)s and jsonb_array_length(context -> 'tried') < 40
"""
_ADD_MESSAGE = """
insert into messages (id, contact, case_id, customer, direction, author_kind, author_id, subject,
  text, html, created_at, channel, cc, mentions)
values (%(id)s, %(contact)s, %(case_id)s, %(customer)s, %(direction)s, %(author_kind)s,
  %(author_id)s, %(subject)s, %(text)s, %(html)s, %(created_at)s, %(channel)s, %(cc)s, %(mentions)s)
"""
# With what was said on the cases that were merged into this one, and the letters of their contacts.
_MESSAGES = """
with parts as (select id, contact from cases where id = %(case)s or merged_into = %(case)s)
select * from messages where case_id in (select id from parts)
union all
select * from messages where contact in (select contact from parts) and case_id is null
order by created_at, id limit %(limit)s
"""
_LAST_TEXT = """
select text from messages where case_id = %s and direction <> 'out'
order by created_at desc, id desc limit 1
"""


async def case_by_id(tx: Tx, case: str) -> Row | None:
    return await tx.one(_BY_ID, (case,))


async def lock_cases(tx: Tx, names: Sequence[str]) -> dict[str, Row]:
    """Lock cases; one that was merged stands for the case that it went into.

    What changed between looking and locking is looked at again, with nothing held in between.
    """
    for _ in range(MAX_LOOKS):
        roots = {row["id"]: row["root"] for row in await tx.all(_ROOTS, (list(names),))}
        async with tx.conn.transaction() as looking:
            held = await _hold(tx, sorted(set(roots.values())))
            if held is None:
                raise Rollback(looking)
            return {name: held[root] for name, root in roots.items()}
    raise CaseBusyError


async def lock_case(tx: Tx, case: str) -> Row | None:
    return (await lock_cases(tx, [case])).get(case)


async def _hold(tx: Tx, cases: list[str]) -> dict[str, Row] | None:
    """Return the rows; None where more belonged to them by the time they were held."""
    contacts = await _contacts_of(tx, cases)
    await tx.execute(_LOCK_CONTACTS, (sorted(contacts),))
    held = await tx.all(_LOCK, (cases,))
    if any(row["merged_into"] for row in held) or not await _contacts_of(tx, cases) <= contacts:
        return None
    return {row["id"]: row for row in held}


async def _contacts_of(tx: Tx, cases: list[str]) -> set[str]:
    rows = await tx.all(_CONTACTS_OF, {"cases": cases})
    return {row["contact"] for row in rows if row["contact"]}


@dataclass(frozen=True, slots=True)
class Matter:
    """What there is of a customer's matter: an open case, its row once it is held, a contact.

    `is_first`: whatever it is, there can be nothing of it.
    """

    case: str | None = None
    has_thread: bool = False
    row: Row | None = None
    is_first: bool = False


async def matter_of(tx: Tx, customer: str, words: Mapping[str, Any]) -> Matter:
    values = {"customer": customer, "key": reuse_key(words), "about": words["about"]}
    return Matter(**await tx.one(_MATTER, values) or {})


async def put_case(tx: Tx, case: str, values: Mapping[str, Any], *, apart: bool) -> Row:
    """Write what can change. `apart`: from now on it is a matter of its own."""
    keys = {"id": case, "now": tx.now, "apart": apart}
    return await tx.one(_PUT, {**values, **keys, "tags": list(values["tags"])}) or {}


async def contacts_of_case(tx: Tx, case: str) -> list[str]:
    rows = await tx.all(_CONTACTS, {"case": case})
    return list(dict.fromkeys(row["contact"] for row in rows if row["contact"]))


async def closings_of_cause(tx: Tx, customers: Sequence[str], cause: str) -> Row:
    """How often this was solved for this account before, and whether anybody said why."""
    return await tx.one(_CLOSINGS, (list(customers), cause)) or {}


async def move_to_contact(tx: Tx, case: str, contact: str) -> None:
    await tx.execute(_MOVE, (contact, case))


async def add_tried(tx: Tx, case: str, tried: Sequence[Mapping[str, Any]]) -> None:
    if tried:
        await tx.execute(_ADD_TRIED, {"id": case, "tried": Jsonb(list(tried))})


async def add_message(tx: Tx, message: "Message") -> None:
    lists = {"cc": list(message.cc), "mentions": list(message.mentions)}
    values = {name: getattr(message, name) for name in message.__slots__}
    await tx.send(_ADD_MESSAGE, values | lists)


async def messages_of_case(tx: Tx, case: str, limit: int) -> list[Row]:
    return await tx.all(_MESSAGES, {"case": case, "limit": limit})


async def last_text(tx: Tx, case: str) -> str | None:
    row = await tx.one(_LAST_TEXT, (case,))
    return row["text"] if row else None


def reuse_key(words: Mapping[str, Any]) -> str:
    """Return what makes two askings the same matter."""
    return str(words["about"] or words["subject"].casefold())
