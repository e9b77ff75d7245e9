"""`audit`: does the log still say what was sealed; its head, its key, and the log as a file."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from prunella import audit as log
from prunella.audit import Report, VerifyingKey
from prunella.cli.app import app
from prunella.cli.check import Check
from prunella.cli.database import bring_up_to_date, database
from prunella.cli.writing import writing
from prunella.settings import Settings, load_settings

audit = typer.Typer(help="The audit log: verify, export, show its head.", no_args_is_help=True)
app.add_typer(audit, name="audit")

UNPROVEN = (
    "No key is known here, so the log's own word was taken for it: name the public key with --key,"
    " as `prunella audit key` shows it on the worker's machine."
)
SEALED = "{sealed:,} entries are as they were sealed; {checkpoints:,} signed checkpoints agree."
WAITING = "{waiting:,} newer entries wait to be sealed."
NOTHING = "Nothing is sealed yet."
NO_KEY = "There is no key here. The worker makes one when it seals the first entry."

FileOption = typer.Option(
    exists=True, dir_okay=False, help="A checkpoint or an export kept elsewhere."
)
ExportOption = typer.Option(exists=True, dir_okay=False, help="Verify this export instead.")
KeyOption = typer.Option(help="A public key of the log.")


@audit.command()
def verify(
    checkpoint: Annotated[Path | None, FileOption] = None,
    export: Annotated[Path | None, ExportOption] = None,
    key: Annotated[list[str] | None, KeyOption] = None,
) -> None:
    """Compare the log with its tree and its checkpoints, and name the first wrong entry."""
    settings = load_settings()
    trusted = [*_own(settings), *(VerifyingKey.parse(one) for one in key or [])]
    if export:
        report = log.check_export(export, trusted=trusted, elsewhere=checkpoint)
    else:
        with database(settings) as base:
            asyncio.run(bring_up_to_date(base))
            report = log.check_database(base.url, trusted=trusted, elsewhere=checkpoint)
    for check in in_words(report):
        typer.echo(str(check))
    sys.exit(not report.holds)


@audit.command()
def key() -> None:
    """Show the public key that checkpoints are checked with."""
    found = _own(load_settings())
    if not found:
        sys.stderr.write(f"{NO_KEY}\n")
        sys.exit(1)
    typer.echo(str(found[0]))


@audit.command()
def checkpoint() -> None:
    """Show the newest checkpoint: keep it elsewhere, for `verify --checkpoint`."""
    with database(load_settings()) as base:
        asyncio.run(bring_up_to_date(base))
        note = log.newest_note(base.url)
    typer.echo(note, nl=False)


@audit.command()
def export(file: Annotated[Path, typer.Argument(help="The new file.")]) -> None:
    """Write every sealed entry to a file, an entry a line, with the checkpoint at its end."""
    with database(load_settings()) as base:
        asyncio.run(bring_up_to_date(base))
        with writing(file):
            count = log.export(base.url, file)
    typer.echo(f"{count:,} entries stand in {file}.")


def in_words(report: Report) -> list[Check]:
    verdict = report.verdict
    said = [Check("bad", problem) for problem in report.problems]
    if verdict.wrong:
        said.append(Check("bad", str(verdict.wrong)))
    elif verdict.sealed:
        words = SEALED.format(sealed=verdict.sealed, checkpoints=verdict.checkpoints)
        said.append(Check("fine", words))
    else:
        said.append(Check("fine", NOTHING))
    if verdict.waiting:
        said.append(Check("look", WAITING.format(waiting=verdict.waiting)))
    if not report.proven:
        said.append(Check("look", UNPROVEN))
    return said


def _own(settings: Settings) -> list[VerifyingKey]:
    secret = settings.audit_key.get_secret_value() if settings.audit_key else None
    found = log.find_key(settings.data_dir, secret)
    return [found.verifying] if found else []
