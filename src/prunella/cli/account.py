"""`token`: API tokens of staff and services."""

import asyncio
from typing import Annotated

import typer

from prunella import people
from prunella.cli.app import app
from prunella.cli.rooms import rooms
from prunella.kit.actor import Actor
from prunella.people.tokens import OPERATOR_ID, Token

token = typer.Typer(help="API tokens of staff and services.", no_args_is_help=True)
app.add_typer(token, name="token")

OPERATOR = Actor(kind="staff", id=OPERATOR_ID, role="admin", verified=True)


class NoTokenError(LookupError):
    """There is no token of this id that still works. `prunella token list` shows them."""


@token.callback()
def _group() -> None:
    """API tokens of staff and services."""


@token.command()
def create(
    name: Annotated[str, typer.Argument(help="Whose token it is.")],
    role: Annotated[str, typer.Option(help="admin, lead, agent, csm, finance, viewer or service.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(help="At most this, like cases:read; may be given again. Left out: all."),
    ] = None,
) -> None:
    """Make a token and show its secret, this once."""
    asyncio.run(_create(name=name, role=role, scopes=scope or []))


@token.command(name="list")
def list_them() -> None:
    """Show the tokens that belong to no member of the staff; never their secrets."""
    for one in asyncio.run(_listed()):
        state = "ended" if one.revoked_at else "works"
        typer.echo(f"{one.id}  {state}  {one.role:8} {' '.join(one.scopes)}  {one.name}")


@token.command()
def revoke(token: Annotated[str, typer.Argument(help="Its id, as the list shows it.")]) -> None:
    """End a token, and every session that was opened with it, at once."""
    asyncio.run(_revoke(token))
    typer.echo("It works no longer.")


async def _create(*, name: str, role: str, scopes: list[str]) -> None:
    async with rooms() as house_rooms, house_rooms.house.transaction(OPERATOR) as tx:
        secret = await people.tokens.create(tx, name=name, role=role, scopes=scopes)
    typer.echo(secret)


async def _listed() -> list[Token]:
    async with rooms() as house_rooms, house_rooms.house.transaction(OPERATOR) as tx:
        return await people.tokens.listed(tx)


async def _revoke(token_id: str) -> None:
    async with rooms() as house_rooms, house_rooms.house.transaction(OPERATOR) as tx:
        if not await people.tokens.revoke(tx, token_id):
            raise NoTokenError(NoTokenError.__doc__)
