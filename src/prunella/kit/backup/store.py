"""What we ask the database itself, before and after its dump."""

from psycopg import Connection, sql

_SNAPSHOT = "select pg_export_snapshot()"
_MIGRATIONS = "select name from schema_migrations order by name"
_HAS_MIGRATIONS = "select to_regclass('public.schema_migrations') is not null"
# What extensions brought along, in the database of a provider, is not ours.
_OURS = """
select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = any(%s) and n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%%'
  and not exists (select from pg_depend d
                  where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
order by 1, 2
"""
_COUNT = "select count(*) from {table}"
TABLES = ["r"]
ANYTHING = ["r", "p", "v", "m", "S", "f"]


def snapshot(conn: Connection) -> str:
    """Name what this transaction sees, so that another program sees the same."""
    row = conn.execute(_SNAPSHOT).fetchone()
    return str(row[0]) if row else ""


def migrations(conn: Connection) -> list[str]:
    there = conn.execute(_HAS_MIGRATIONS).fetchone()
    return [row[0] for row in conn.execute(_MIGRATIONS)] if there and there[0] else []


def is_empty(conn: Connection) -> bool:
    return conn.execute(_OURS, (ANYTHING,)).fetchone() is None


def count_rows(conn: Connection) -> dict[str, int]:
    """Count every row of every table."""
    counts = {}
    for schema, table in conn.execute(_OURS, (TABLES,)).fetchall():
        count = sql.SQL(_COUNT).format(table=sql.Identifier(schema, table))
        row = conn.execute(count).fetchone()
        counts[f"{schema}.{table}"] = int(row[0]) if row else 0
    return counts
