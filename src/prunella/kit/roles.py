"""Rights of the role that the processes use, where another role owns the tables."""

from collections.abc import Sequence

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Composed, Identifier

_MAY_CHANGE = """
select pg_catalog.has_table_privilege(current_user, %(table)s, 'update, delete, truncate')
  or pg_catalog.pg_has_role(current_user, c.relowner, 'usage')
from pg_catalog.pg_class c where c.oid = %(table)s::regclass
"""


async def grant(owner_url: str, url: str, *, insert_only: Sequence[str]) -> str | None:
    """Let the role of `url` work with the owner's tables, and only add to `insert_only`.

    Returns the role, or None when both are one: then there is nothing to divide. May be called
    again; it takes nothing from anybody else.
    """
    role = str(conninfo_to_dict(url).get("user") or "")
    async with await psycopg.AsyncConnection.connect(owner_url) as conn:
        row = await (await conn.execute("select current_user")).fetchone()
        if not role or (row and row[0] == role):
            return None
        for statement in _statements(Identifier(role), insert_only):
            await conn.execute(statement)
    return role


async def may_change(url: str, table: str) -> bool:
    """Whether the role of `url` could change or empty this table, or owns it."""
    async with await psycopg.AsyncConnection.connect(url) as conn:
        row = await (await conn.execute(_MAY_CHANGE, {"table": table})).fetchone()
    return bool(row and row[0])


def _statements(role: Identifier, insert_only: Sequence[str]) -> list[Composed]:
    texts = (
        SQL("grant usage on schema public to {}"),
        SQL("grant select, insert, update, delete on all tables in schema public to {}"),
        SQL("grant usage, select on all sequences in schema public to {}"),
        SQL("grant execute on all functions in schema public to {}"),
    )
    narrowed = [
        SQL("revoke update, delete, truncate on {} from {}").format(Identifier(table), role)
        for table in insert_only
    ]
    return [*(text.format(role) for text in texts), *narrowed]
