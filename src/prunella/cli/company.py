"""`sync`, `diagnose`, `doctor`: the main job on a company's own Stripe account."""

import asyncio
from typing import Annotated

import typer

from prunella import mirror, people
from prunella.cli.app import app
from prunella.cli.progress import Bar
from prunella.cli.rooms import rooms
from prunella.diagnostics import Diagnosis
from prunella.kit.actor import SYSTEM

SIGNS = {"green": "●", "amber": "▲", "red": "◆"}


class UnknownCustomerError(Exception):
    """Nobody is known by this id. Check it, or run `prunella sync` first."""


@app.command()
def sync() -> None:
    """Fill the mirror from your Stripe account. It can be stopped and run again."""
    asyncio.run(_sync())


@app.command()
def diagnose(
    customer: Annotated[str, typer.Argument(help="A customer's id: cus_… or ours.")],
    fresh: Annotated[bool, typer.Option(help="Read this customer from Stripe first.")] = False,  # noqa: FBT002 a flag
) -> None:
    """Say what is wrong with one customer's billing, and what to do."""
    asyncio.run(_diagnose(customer, fresh=fresh))


async def _sync() -> None:
    async with rooms() as opened:
        with Bar() as bar:
            done = await mirror.sync(opened.house, opened.reads, on_progress=bar.show)
    for name, kind in done.kinds.items():
        if kind.skipped:
            typer.echo(f"{name} was left out: {kind.skipped}")
    typer.echo(f"{done.done:,} objects read. Try `prunella diagnose cus_…`.")


async def _diagnose(ref: str, *, fresh: bool) -> None:
    async with rooms() as opened:
        if fresh and ref.startswith("cus_"):
            await mirror.refresh_customer(opened.house, opened.reads, ref)
        async with opened.house.transaction(SYSTEM) as tx:
            customer = await people.find_customer(tx, ref)
            if customer is None:
                raise UnknownCustomerError(UnknownCustomerError.__doc__)
            diagnosis = await opened.diagnostics.of(tx, customer)
    typer.echo("\n".join(in_words(customer.name, diagnosis)))


def in_words(name: str, diagnosis: Diagnosis) -> list[str]:
    """Return the lines of a diagnosis, for a person at a terminal."""
    lines = [f"{name} ({diagnosis.customer})", ""]
    for finding in diagnosis.findings:
        lines.append(f"{SIGNS[finding.status]} {finding.title}  [{finding.root_cause}]")
        lines += [f"    {part}" for part in (finding.happened, finding.means, finding.todo) if part]
        lines += [f"    → {offer.label}" for offer in finding.offers]
    as_of = diagnosis.as_of.isoformat(timespec="seconds") if diagnosis.as_of else "never"
    return [*lines, "", f"As of {as_of}."]
