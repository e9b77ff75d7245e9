"""`stop` and `resume`: the one switch that makes everything automatic wait for a person."""

import asyncio
from typing import Annotated

import typer

from prunella.actions import brake
from prunella.cli.account import OPERATOR
from prunella.cli.app import app
from prunella.cli.rooms import rooms

Because = Annotated[str, typer.Option(help="Why, for those who see it stand still.")]

STOPPED = "Stopped: everything automatic now waits for a person. Held back just now: {held}."
RESUMED = "Going on. Still waiting for a person, at /desk/approvals: {waiting}."
ONCE_MORE = "The daily limit was reached: as much again may go out, then it stops by itself."


@app.command()
def stop(because: Because = "") -> None:
    """Make everything automatic wait for a person, at once."""
    typer.echo(STOPPED.format(held=asyncio.run(_stop(because))))


@app.command()
def resume(because: Because = "") -> None:
    """Let what is automatic go on; what waits keeps waiting for a person.

    Where the daily limit stopped it, as much again may go out, then it stops again.
    """
    waiting, used_up = asyncio.run(_resume(because))
    typer.echo(RESUMED.format(waiting=waiting))
    if used_up:
        typer.echo(ONCE_MORE)


async def _stop(because: str) -> int:
    async with rooms() as opened, opened.house.transaction(OPERATOR) as tx:
        return await brake.stop(tx, because=because)


async def _resume(because: str) -> tuple[int, bool]:
    """Return how many still wait, and whether the day's money was used up."""
    async with rooms() as opened, opened.house.transaction(OPERATOR) as tx:
        before = await brake.standing(tx)
        return await brake.resume(tx, because=because), before.used_up_at is not None
