"""What we say to the server itself."""

import secrets

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

_CREATE = "create database {name} template {template} strategy file_copy"
_DROP = "drop database if exists {name} with (force)"


def answer(conninfo: str) -> str | None:
    """None when the server takes connections, else why it does not."""
    try:
        psycopg.connect(conninfo, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        return str(error)
    return None


def create_database(conninfo: str, *, name: str = "", template: str = "template1") -> str:
    """A fresh database, a copy of `template`, which nobody may be connected to.

    Returns the conninfo of the new one; its name is made up where none is given.
    """
    name = name or f"fresh_{secrets.token_hex(8)}"
    statement = sql.SQL(_CREATE).format(
        name=sql.Identifier(name), template=sql.Identifier(template)
    )
    with psycopg.connect(conninfo, autocommit=True) as conn:
        conn.execute(statement)
    return make_conninfo(conninfo, dbname=name)


def drop_database(conninfo: str, *, name: str) -> None:
    """Remove it, with whoever is connected to it. `conninfo` is that of another database."""
    with psycopg.connect(conninfo, autocommit=True) as conn:
        conn.execute(sql.SQL(_DROP).format(name=sql.Identifier(name)))
