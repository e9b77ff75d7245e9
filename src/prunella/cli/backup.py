"""`backup` and `restore`: the whole database in one file, and back."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import psycopg
import typer

from prunella.actions.doubt import doubt_approved
from prunella.bootstrap import open_rooms
from prunella.cli.account import OPERATOR
from prunella.cli.app import app
from prunella.cli.database import Database, database
from prunella.kit import migrate as migrations
from prunella.kit.backup import BackupError, Manifest, back_up
from prunella.kit.backup import restore as restore_into
from prunella.settings import Settings, load_settings, shipped

File = Annotated[Path, typer.Argument(help="The file of the backup.", dir_okay=False)]
KEEP = (
    "It holds the keys that sign links, sessions, and what customers wrote: only you may read it,"
    " and it stays so wherever you keep it. The secrets of the environment are not in it."
)
THEN = (
    "End whatever still runs on the old database before you start this one. Then run"
    " `prunella sync`: it reads what happened at Stripe since the backup."
)


@app.command()
def backup(file: File) -> None:
    """Write the whole database to a new FILE. Everything else may go on meanwhile."""
    with database(load_settings()) as base:
        made = _in_words(lambda: back_up(base.migrate_url, file))
    typer.echo(f"{file}: {_what(made)}, {made.size_bytes:,} bytes.\n{KEEP}")


@app.command()
def restore(file: File) -> None:
    """Fill an empty database from FILE, and bring it to this version's shape."""
    settings = load_settings()
    with database(settings) as base:
        known = migrations.known(shipped("schema"))
        done = _in_words(lambda: restore_into(base.migrate_url, file, known=known))
        doubted = asyncio.run(_settle(settings, base))
    typer.echo(f"Restored {_what(done)}, as it was at {done.made_at}.")
    if doubted:
        typer.echo(f"{doubted} actions may have been sent since: Stripe is asked first.")
    typer.echo(THEN)


async def _settle(settings: Settings, base: Database) -> int:
    await migrations.migrate(base.migrate_url, shipped("schema"))
    async with open_rooms(settings, base.url) as rooms, rooms.house.transaction(OPERATOR) as tx:
        return await doubt_approved(tx)


def _in_words(do: Callable[[], Manifest]) -> Manifest:
    try:
        return do()
    except psycopg.OperationalError as error:
        raise BackupError(details=f"The database cannot be reached: {error}") from None


def _what(manifest: Manifest) -> str:
    return f"{manifest.all_rows:,} rows of {len(manifest.rows)} tables"
