"""`policy`: do the worked examples hold, and what would other rules have decided?"""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer
from jinja2 import Environment, PackageLoader, StrictUndefined
from rich.console import Console
from rich.table import Table

from prunella.actions.policy import Policy, Tried, try_examples
from prunella.actions.replay import Replayed, replay, shadowed
from prunella.cli.account import OPERATOR
from prunella.cli.app import app
from prunella.cli.check import Check
from prunella.cli.rooms import rooms
from prunella.cli.writing import writing
from prunella.kit.clock import system_now
from prunella.settings import SHADOW_SETTING, Content, load_content, load_settings

policy = typer.Typer(help="The rules of what may be done.", no_args_is_help=True)
app.add_typer(policy, name="policy")

A_QUARTER = timedelta(days=90)
WIDTH = 100
IN_WORDS = {"allow": "done at once", "needs_approval": "a person decides", "deny": "refused"}
ContentOption = typer.Option(
    "--content", exists=True, file_okay=False, help="A content folder with other rules."
)


@policy.callback()
def _group() -> None:
    """The rules of what may be done."""


@policy.command("test")
def examples(content: Annotated[Path | None, ContentOption] = None) -> None:
    """Try the worked examples that stand beside the rules."""
    found = load_content(content or load_settings().content_dir)
    tried = try_examples(Policy.read(found), found)
    wrong = [one for one in tried if not one.right]
    for one in wrong:
        typer.echo(str(Check("bad", _told(one))))
    if not wrong:
        typer.echo(str(Check("fine", f"All {len(tried)} examples hold, by {found.digest}.")))
    sys.exit(bool(wrong))


def _told(one: Tried) -> str:
    wanted, decision = one.example, one.decision
    rules = "" if wanted.rules is None else f" {', '.join(sorted(wanted.rules))}"
    return (
        f"{wanted.where}: {wanted.name}: wanted {wanted.verdict}{rules}, "
        f"is {decision.verdict}. {decision.explanation_for_staff}"
    )


@policy.command("replay")
def replay_(
    content: Annotated[Path, ContentOption],
    since: Annotated[
        datetime | None, typer.Option(help="From this day on (UTC); else the last 90 days.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write a page for people here.")] = None,
) -> None:
    """Judge past decisions by other rules: which would change, how many, how much money."""
    other = load_content(content)
    found, begun = asyncio.run(_replayed(Policy.read(other), since))
    console = Console(width=WIDTH)
    for line in summary(found):
        console.print(line)
    if found.changed:
        console.print(table(found))
    if report:
        with writing(report):
            report.write_text(page(found, other=other, since=begun), encoding="utf-8")
        console.print(f"The report is in {report}.")


@policy.command("shadow")
def shadow_(
    since: Annotated[
        datetime | None, typer.Option(help="From this day on (UTC); else the last 90 days.")
    ] = None,
) -> None:
    """Say where the rules of PRUNELLA_SHADOW_CONTENT_DIR would have decided otherwise."""
    folder = load_settings().shadow_content_dir
    if folder is None:
        typer.echo(f"{SHADOW_SETTING} is not set: no other rules judge beside ours.")
        sys.exit(1)
    digest = load_content(folder, setting=SHADOW_SETTING).digest
    found = asyncio.run(_shadowed(digest, since))
    console = Console(width=WIDTH)
    console.print(f"Content {digest}: {found.judged:,} judged, {found.changed:,} otherwise.")
    if found.changed:
        console.print(table(found))


async def _shadowed(digest: str, since: datetime | None) -> Replayed:
    async with rooms() as opened, opened.house.transaction(OPERATOR) as tx:
        return await shadowed(tx, shadow=digest, since=_begin(tx.now, since))


def _begin(now: datetime, since: datetime | None) -> datetime:
    return since.replace(tzinfo=UTC) if since else now - A_QUARTER


async def _replayed(other: Policy, since: datetime | None) -> tuple[Replayed, datetime]:
    async with rooms() as opened, opened.house.transaction(OPERATOR) as tx:
        begun = _begin(tx.now, since)
        return await replay(tx, other, since=begun), begun


def summary(found: Replayed) -> list[str]:
    """Say how many were looked at and how many would change. Pure."""
    lines = [f"{found.judged:,} decisions judged again, {found.changed:,} would change."]
    if found.without_facts:
        lines.append(f"{found.without_facts:,} are older than the facts that are kept.")
    return lines


def ways(found: Replayed) -> list[tuple[str, str, int, str]]:
    """Return before, after, how many and how much money, the commonest first. Pure."""
    return [
        (
            IN_WORDS[way[0]],
            IN_WORDS[way[1]],
            count,
            ", ".join(one.format("en_US") for one in found.of(way)),
        )
        for way, count in found.count.most_common()
    ]


def table(found: Replayed) -> Table:
    shown = Table("was", "would be", "decisions", "money")
    for before, after, count, money in ways(found):
        shown.add_row(before, after, f"{count:,}", money)
    return shown


def page(
    found: Replayed, *, other: Content, since: datetime, sheet: str = "", back: str = ""
) -> str:
    """Return one page that stands alone, with the stylesheet in it unless `sheet` says where.

    `back` is where the demo's chapters are.
    """
    environment = Environment(
        loader=PackageLoader("prunella.cli", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
    )
    own = resources.files("prunella.web").joinpath("static/prunella.css")
    return environment.get_template("replay.html").render(
        style="" if sheet else own.read_text(encoding="utf-8"),
        sheet=sheet,
        back=back,
        found=found,
        summary=summary(found),
        ways=ways(found),
        words=IN_WORDS,
        digest=other.digest,
        folder=other.folder.name,
        since=since,
        made_at=system_now(),
    )
