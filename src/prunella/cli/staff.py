"""`staff`: members who sign in with a password and an app; and who is the first of them."""

import asyncio
from typing import Annotated

import typer

from prunella.bootstrap import Rooms
from prunella.cli.account import OPERATOR
from prunella.cli.app import app
from prunella.cli.rooms import rooms
from prunella.kit.actor import SYSTEM
from prunella.kit.house import Tx
from prunella.people import invitations, staff
from prunella.people.staff import Member
from prunella.tiers.desk.welcome import Invited

staff_app = typer.Typer(help="Who works here and signs in.", no_args_is_help=True)
app.add_typer(staff_app, name="staff")

Email = Annotated[str, typer.Argument(help="The address that they sign in with.")]
FIRST = """
Nobody works here yet. Open this link to become the admin; it works once, within a week:
  {link}
"""


class NobodyError(LookupError):
    """Nobody of the staff has this address. `prunella staff list` shows who there is."""


@staff_app.callback()
def _group() -> None:
    """Who works here and signs in."""


@staff_app.command()
def add(
    name: Annotated[str, typer.Argument(help="What they are called.")],
    email: Email,
    role: Annotated[str, typer.Option(help="admin, lead, agent, csm, finance or viewer.")],
    team: Annotated[list[str] | None, typer.Option(help="A team; may be given again.")] = None,
) -> None:
    """Add a member and print their set-up link: it works once, within a week."""
    _tell(asyncio.run(_add(name=name, email=email, role=role, teams=team or [])))


@staff_app.command()
def link(email: Email) -> None:
    """Print a new set-up link, for who has no password or no app any more."""
    _tell(asyncio.run(_link(email)))


@staff_app.command()
def close(email: Email) -> None:
    """Let nobody in as them any more; their sessions and tokens end at once."""
    asyncio.run(_close(email))
    typer.echo("Closed. Every session and token of theirs has ended.")


@staff_app.command(name="open")
def open_again(email: Email) -> None:
    """Let a closed account in again, with the password and app they had."""
    asyncio.run(_open(email))
    typer.echo("Open again. What ended when it was closed stays ended.")


@staff_app.command(name="list")
def list_them() -> None:
    """Show everybody of the staff."""
    for member in asyncio.run(_listed()):
        typer.echo(f"{member.state:9} {member.role:8} {member.email}  {member.name}")


def _tell(invited: Invited) -> None:
    """The link alone on stdout, for whoever pipes it on."""
    typer.echo(invited.link)
    if invited.mailed_to:
        typer.echo(f"It is mailed to {invited.mailed_to} as well.", err=True)


async def tell_first_link(opened: Rooms) -> None:
    """Where nobody works yet and no token lets anybody in, say once how to become the admin."""
    if opened.settings.admin_token:
        return
    async with opened.house.transaction(SYSTEM) as tx:
        secret = await invitations.first(tx)
    if secret:
        typer.echo(FIRST.format(link=opened.welcome.address(secret)), err=True)


async def _add(*, name: str, email: str, role: str, teams: list[str]) -> Invited:
    async with rooms() as opened, opened.house.transaction(OPERATOR) as tx:
        member = await staff.add(tx, name=name, email=email, role=role, teams=teams)
        return await opened.welcome.invite(tx, member.id)


async def _link(email: str) -> Invited:
    async with rooms() as opened, opened.house.transaction(OPERATOR) as tx:
        member = await _of_email(tx, email)
        return await opened.welcome.invite(tx, member.id)


async def _close(email: str) -> None:
    async with rooms() as opened, opened.house.transaction(OPERATOR) as tx:
        await staff.disable(tx, (await _of_email(tx, email)).id)


async def _open(email: str) -> None:
    async with rooms() as opened, opened.house.transaction(OPERATOR) as tx:
        await staff.enable(tx, (await _of_email(tx, email)).id)


async def _listed() -> list[Member]:
    async with rooms() as opened, opened.house.transaction(OPERATOR) as tx:
        return await staff.listed(tx)


async def _of_email(tx: Tx, email: str) -> Member:
    member = await staff.of_email(tx, email)
    if member is None:
        raise NobodyError(NobodyError.__doc__)
    return member
