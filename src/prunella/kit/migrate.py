"""Migrations: timestamp-named SQL files, applied once each, in order, a transaction each."""

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from psycopg import AsyncConnection, Error, errors

_LOCK = 7_240_002
_TABLE = """
create table if not exists schema_migrations (
  name text primary key, applied_at timestamptz not null default now()
)
"""
_APPLIED = "select name from schema_migrations"
_NOTE = "insert into schema_migrations (name) values (%s)"


class MigrationError(Exception):
    """A migration could not be applied; nothing of it was kept."""


async def migrate(url: str, folder: Path) -> list[str]:
    """Bring the database at `url` to the shape of `folder`; returns the names applied now."""
    async with await AsyncConnection.connect(url, autocommit=True) as conn:
        await conn.execute("select pg_advisory_lock(%s)", (_LOCK,))
        await conn.execute(_TABLE)
        applied = {row[0] for row in await (await conn.execute(_APPLIED)).fetchall()}
        return await _apply(conn, applied, folder)


async def pending(url: str, folder: Path) -> list[str]:
    """Names of migrations that the database still lacks. Only looks: a role may do no more."""
    applied = await _noted(url)
    return [name for name, _ in _files(folder, fresh=False) if name not in applied]


async def unknown(url: str, folder: Path) -> list[str]:
    """Names that the database noted and this version never heard of. Only looks."""
    return sorted(await _noted(url) - known(folder))


async def _noted(url: str) -> set[str]:
    async with await AsyncConnection.connect(url, autocommit=True) as conn:
        try:
            return {row[0] for row in await (await conn.execute(_APPLIED)).fetchall()}
        except errors.UndefinedTable:
            return set()


def known(folder: Path) -> set[str]:
    """Every name that a database of this version, or of one before it, may have noted."""
    return {name for name, _ in _files(folder, fresh=True)}


async def _apply(conn: AsyncConnection, applied: set[str], folder: Path) -> list[str]:
    done = []
    for name, sql in _files(folder, fresh=not applied):
        if name in applied:
            continue
        try:
            async with conn.transaction():
                if sql:
                    await conn.execute(sql.encode())
                await conn.execute(_NOTE, (name,))
        except Error as error:
            message = f"{name}: {error}"
            raise MigrationError(message) from error
        done.append(name)
    return done


def _files(folder: Path, *, fresh: bool) -> Iterator[tuple[str, str]]:
    """Name and SQL of each migration: the job queue's own first, then ours.

    A fresh database gets the queue's whole schema and its old migrations as applied.
    """
    queue = resources.files("procrastinate") / "sql"
    if fresh:
        yield "procrastinate", (queue / "schema.sql").read_text()
    for file in sorted((queue / "migrations").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".sql"):
            yield f"procrastinate/{file.name}", "" if fresh else file.read_text()
    for path in sorted(folder.glob("*.sql")):
        yield path.name, path.read_text()
