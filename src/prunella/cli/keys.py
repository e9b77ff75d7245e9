"""`keys`: the key that signs the links in our letters."""

import asyncio
from typing import Annotated

import typer

from prunella import audit
from prunella.cli.account import OPERATOR
from prunella.cli.app import app
from prunella.cli.rooms import rooms
from prunella.people import links

keys = typer.Typer(help="The key that signs the links in letters.", no_args_is_help=True)
app.add_typer(keys, name="keys")

LEAKED = "Links of letters sent so far no longer work: customers come in from the product."
ROTATED = "New links are signed with a new key. Those in letters sent so far work for their 7 days."


@keys.callback()
def _group() -> None:
    """The key that signs the links in letters."""


@keys.command()
def rotate(
    leaked: Annotated[bool, typer.Option(help="End the links made so far, too.")] = False,  # noqa: FBT002 a flag
) -> None:
    """Sign links with a new key from now on."""
    asyncio.run(_rotate(leaked=leaked))
    typer.echo(LEAKED if leaked else ROTATED)


async def _rotate(*, leaked: bool) -> None:
    async with rooms() as opened, opened.house.transaction(OPERATOR) as tx:
        await links.rotate(tx, leaked=leaked)
        because = "leaked" if leaked else "rotated"
        await audit.record(tx, "signing_key.rotated", tx.new_id("rotation"), because=because)
