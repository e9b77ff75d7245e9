"""Rows of the audit log."""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from prunella.audit.entry import Entry
from prunella.kit.house import Tx

MAX_SEQ = 2**63 - 1
# The transaction gets its own number before an entry does: sealing relies on it.
_ADD = """
insert into audit_entries
  (at, actor_kind, actor_id, actor_role, verb, subject, customer, because, before, after)
select
  %(at)s, %(kind)s, %(id)s, %(role)s, new.verb, new.subject, new.customer, new.because,
  new.before, new.after
from (select pg_current_xact_id() as mine offset 0) numbered,
  rows from (jsonb_to_recordset(%(entries)s) as (
    verb text, subject text, customer text, because text, before jsonb, after jsonb
  )) with ordinality new(verb, subject, customer, because, before, after, n)
where mine is not null order by n
"""
_FOLLOWING = """
select * from audit_entries where seq > %(place)s
  and (%(customer)s::text is null or customer = %(customer)s)
  and (%(verb)s::text is null or verb = %(verb)s)
  and (%(subject)s::text is null or subject = %(subject)s)
  and (%(actor)s::text is null or actor_id = %(actor)s)
order by seq limit %(limit)s
"""
_PRECEDING = """
select * from audit_entries where seq < %(place)s
  and (%(customer)s::text is null or customer = %(customer)s)
  and (%(verb)s::text is null or verb = %(verb)s)
  and (%(subject)s::text is null or subject = %(subject)s)
  and (%(actor)s::text is null or actor_id = %(actor)s)
order by seq desc limit %(limit)s
"""
_ONE = "select * from audit_entries where seq = %s"
_LAST_OF = """
select * from audit_entries where subject = %s and verb = %s order by seq desc limit 1
"""
_TURN = "select pg_advisory_xact_lock(hashtextextended('audit:' || %s, 0))"
_ABOUT = "select * from audit_entries where subject = %s order by seq limit %s"


async def add(tx: Tx, entries: Sequence[Mapping[str, Any]]) -> None:
    """Each with verb, subject, customer, because, before and after; they keep this order."""
    actor = {"at": tx.now, "kind": tx.actor.kind, "id": tx.actor.id, "role": tx.actor.role}
    await tx.send(_ADD, {**actor, "entries": Jsonb(list(entries))})


async def following(tx: Tx, after: int, limit: int, which: Mapping[str, Any]) -> list[Entry]:
    rows = await tx.all(_FOLLOWING, {**which, "place": after, "limit": limit})
    return [_entry(row) for row in rows]


async def preceding(
    tx: Tx, before: int | None, limit: int, which: Mapping[str, Any]
) -> list[Entry]:
    place = MAX_SEQ if before is None else before
    rows = await tx.all(_PRECEDING, {**which, "place": place, "limit": limit})
    return [_entry(row) for row in rows]


async def one(tx: Tx, seq: int) -> Entry | None:
    row = await tx.one(_ONE, (seq,))
    return _entry(row) if row else None


async def last_of(tx: Tx, verb: str, subject: str) -> Entry | None:
    row = await tx.one(_LAST_OF, (subject, verb))
    return _entry(row) if row else None


async def take_turn(tx: Tx, subject: str) -> None:
    await tx.send(_TURN, (subject,))


async def about(tx: Tx, subject: str, limit: int) -> list[Entry]:
    return [_entry(row) for row in await tx.all(_ABOUT, (subject, limit))]


def _entry(row: DictRow) -> Entry:
    return Entry(**row)
