"""SQL of somebody who owns the database and changes the audit log by hand."""

from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import Jsonb

_WAIT = "set local lock_timeout = '5s'"
_TRIGGER_AWAY = "alter table audit_entries disable trigger audit_entries_stay"
_TRIGGER_BACK = "alter table audit_entries enable always trigger audit_entries_stay"
_ENTRY = "select seq, verb, subject, after from audit_entries where seq = %s"
_NEWEST = """
select seq, verb, subject, after from audit_entries
where verb = 'action.requested' and after ->> 'kind' = 'refund'
and seq <= coalesce((select max(last) from audit_tiles, unnest(seqs) last where level = 0), 0)
order by seq desc limit 1
"""
_CHANGE = "update audit_entries set after = %s where seq = %s"


async def sealed_refund(url: str) -> DictRow | None:
    """Return the newest sealed entry in which a refund was asked for."""
    async with await AsyncConnection.connect(url, row_factory=dict_row) as conn:
        return await (await conn.execute(_NEWEST)).fetchone()


async def entry(url: str, seq: int) -> DictRow | None:
    async with await AsyncConnection.connect(url, row_factory=dict_row) as conn:
        return await (await conn.execute(_ENTRY, (seq,))).fetchone()


async def change(url: str, seq: int, after: object) -> None:
    """The database refuses a change, so its owner takes the guard away for as long as it takes."""
    async with await AsyncConnection.connect(url) as conn:
        await conn.execute(_WAIT)
        await conn.execute(_TRIGGER_AWAY)
        await conn.execute(_CHANGE, (Jsonb(after), seq))
        await conn.execute(_TRIGGER_BACK)
