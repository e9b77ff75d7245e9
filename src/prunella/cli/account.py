"""`token`: API tokens of staff and services."""

import asyncio
from typing import Annotated

import typer

from prunella import people
from prunella.cli.app import app
from prunella.cli.rooms import rooms
from prunella.kit.actor import Actor

token = typer.Typer(help="API tokens of staff and services.", no_args_is_help=True)
app.add_typer(token, name="token")

OPERATOR = Actor(kind="staff", id="operator", role="admin", verified=True)


@token.callback()
def _group() -> None:
    """API tokens of staff and services."""


@token.command()
def create(
    name: Annotated[str, typer.Argument(help="Whose token it is.")],
    role: Annotated[str, typer.Option(help="admin, lead, agent, csm, finance, viewer or service.")],
) -> None:
    """Make a token and show its secret, this once."""
    asyncio.run(_create(name=name, role=role))


async def _create(*, name: str, role: str) -> None:
    async with rooms() as house_rooms, house_rooms.house.transaction(OPERATOR) as tx:
        secret = await people.tokens.create(tx, name=name, role=role)
    typer.echo(secret)
