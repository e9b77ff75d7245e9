"""`serve`: the web and the worker, kept running; `migrate`."""

import asyncio
import os
import sys
from collections.abc import Mapping
from typing import Annotated, Literal

import typer
import uvloop

from prunella import bootstrap, worker
from prunella.audit import INSERT_ONLY
from prunella.cli.app import app
from prunella.cli.check_content import must_be_usable
from prunella.cli.database import Database, bring_up_to_date, database, must_not_be_newer
from prunella.cli.listening import Port, must_be_free
from prunella.cli.logs import configure_logs
from prunella.cli.starting import note_start, settle_in
from prunella.kit import migrate as migrations
from prunella.kit import roles
from prunella.kit.outages import Outages
from prunella.kit.supervise import Child, supervise
from prunella.settings import Settings, load_settings, shipped

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Only = Annotated[
    Literal["web", "worker"] | None, typer.Option(help="Run only this one, in this process.")
]


@app.command()
def serve(only: Only = None, port: Port = 8000, host: Host = "127.0.0.1") -> None:
    """Run pages, API and worker, and start again whichever ends."""
    settings = load_settings()
    if only is None:  # else its processes would start again and again, and never live
        must_be_usable(settings)
    if only != "worker":
        must_be_free(host, port)
    configure_logs()
    with database(settings) as base:
        if only == "web":
            from prunella.cli.serving_web import run_web  # noqa: PLC0415 a worker waits for no page

            uvloop.run(run_web(settings, base, host=host, port=port))
        elif only == "worker":
            uvloop.run(run_worker(settings, base))
        else:
            asyncio.run(_serve_all(settings, base, host=host, port=port))


@app.command()
def migrate() -> None:
    """Bring the database to this version's shape."""
    with database(load_settings()) as base:
        applied, role = asyncio.run(_migrate(base))
    for name in applied:
        typer.echo(f"Applied {name}")
    if role:
        typer.echo(f"The role {role} may work with it, and only add to the audit log.")
    typer.echo("The database is up to date.")


async def _migrate(base: Database) -> tuple[list[str], str | None]:
    await must_not_be_newer(base.migrate_url)
    applied = await migrations.migrate(base.migrate_url, shipped("schema"))
    return applied, await roles.grant(base.migrate_url, base.url, insert_only=INSERT_ONLY)


async def _serve_all(settings: Settings, base: Database, *, host: str, port: int) -> None:
    await bring_up_to_date(base)
    await supervise(children(settings, base, host=host, port=port), ensure=base.ensure)


def children(
    settings: Settings, base: Database, *, host: str, port: int, web_command: str = "serve"
) -> list[Child]:
    """The processes of an installation. The write key goes to the worker alone where it can."""
    ours = {"PRUNELLA_PUBLIC_URL": f"http://127.0.0.1:{port}"}  # where nothing else is set
    env = {**ours, **os.environ, "PRUNELLA_DATABASE_URL": base.url}
    me = (sys.executable, "-m", "prunella")
    web_argv = (*me, web_command, "--only", "web", "--host", host, "--port", str(port))
    return [
        Child("web", web_argv, _without_write_key(env, settings)),
        Child("worker", (*me, "serve", "--only", "worker"), env),
    ]


def _without_write_key(env: Mapping[str, str], settings: Settings) -> dict[str, str]:
    if settings.stripe_read_key is None:
        return dict(env)
    return {name: value for name, value in env.items() if name != "PRUNELLA_STRIPE_API_KEY"}


async def run_worker(settings: Settings, base: Database) -> None:
    await bring_up_to_date(base)
    async with bootstrap.open_rooms(settings, base.url, writes=True) as rooms:
        await note_start(rooms, "worker")
        settle_in()
        await worker.work(rooms, Outages(lambda: _look_anew(base)))


async def _look_anew(base: Database) -> None:
    """After an outage: our own server is to run, and what answers is to be of this version."""
    if base.ensure:
        await asyncio.to_thread(base.ensure)
    await bring_up_to_date(base)
