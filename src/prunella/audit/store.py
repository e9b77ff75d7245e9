"""Rows of the audit log."""

from collections.abc import Mapping
from typing import Any

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from prunella.audit.entry import Entry, Values
from prunella.kit.house import Tx

# The transaction gets its own number before the entry does: sealing relies on it.
_ADD = """
insert into audit_entries
  (at, actor_kind, actor_id, actor_role, verb, subject, customer, because, before, after)
select
  %(at)s, %(kind)s, %(id)s, %(role)s, %(verb)s, %(subject)s, %(customer)s, %(because)s,
  %(before)s::jsonb, %(after)s::jsonb
from (select pg_current_xact_id() as mine offset 0) numbered where mine is not null
returning seq
"""
_FOLLOWING = "select * from audit_entries where seq > %s order by seq limit %s"
_ABOUT = "select * from audit_entries where subject = %s order by seq limit %s"


async def add(
    tx: Tx, *, words: Mapping[str, Any], before: Values | None, after: Values | None
) -> int:
    actor = {"at": tx.now, "kind": tx.actor.kind, "id": tx.actor.id, "role": tx.actor.role}
    figures = {"before": _json(before), "after": _json(after)}
    row = await tx.one(_ADD, {**actor, **words, **figures})
    return int(row["seq"]) if row else 0


async def following(tx: Tx, after: int, limit: int) -> list[Entry]:
    return [_entry(row) for row in await tx.all(_FOLLOWING, (after, limit))]


async def about(tx: Tx, subject: str, limit: int) -> list[Entry]:
    return [_entry(row) for row in await tx.all(_ABOUT, (subject, limit))]


def _entry(row: DictRow) -> Entry:
    return Entry(**row)


def _json(values: Values | None) -> Jsonb | None:
    return None if values is None else Jsonb(dict(values))
