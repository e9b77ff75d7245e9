"""`demo`: the made-up company with everything running."""

import asyncio
from typing import Annotated

import typer
import uvloop

from prunella.cli.app import app
from prunella.cli.database import database
from prunella.cli.demo.known import known
from prunella.cli.demo.outside import HOST
from prunella.cli.demo.plug import WORKER
from prunella.cli.demo.run import CUSTOMERS, run_demo, run_demo_web
from prunella.cli.listening import Port, must_be_free
from prunella.cli.logs import configure_logs
from prunella.cli.serving import run_worker
from prunella.settings import load_settings

Customers = Annotated[
    int, typer.Option(min=50, max=1000, help="How many customers the company has.")
]


@app.command()
def demo(port: Port = 8000, customers: Customers = CUSTOMERS) -> None:
    """Show everything on a made-up company, on this machine alone."""
    configure_logs(quiet=True)
    must_be_free(HOST, port)
    run_demo(load_settings(), port=port, customers=customers)


@app.command(hidden=True)
def demo_web(port: Port = 8000) -> None:
    """Serve the demo's pages; started by `demo`."""
    settings = load_settings()
    configure_logs(quiet=True)
    with database(settings) as base:
        asyncio.run(run_demo_web(settings, base.url, port=port))


@app.command(hidden=True)
def demo_worker() -> None:
    """Serve the demo's worker, known by its id; started by `demo`."""
    settings = load_settings()
    configure_logs(quiet=True)
    with known(settings.data_dir / WORKER), database(settings) as base:
        uvloop.run(run_worker(settings, base))
