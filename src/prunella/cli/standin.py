"""`demo` and `sandbox`: the only commands that know the stand-in outside world."""

import asyncio
from typing import Annotated

import typer

from prunella.cli.app import app
from prunella.cli.database import database
from prunella.cli.demo import run_demo, run_demo_web
from prunella.cli.demo.known import known
from prunella.cli.demo.outside import HOST, run_outside
from prunella.cli.demo.plug import WORKER
from prunella.cli.demo.product import product_routes
from prunella.cli.demo.run import CUSTOMERS
from prunella.cli.listening import must_be_free
from prunella.cli.logs import configure_logs
from prunella.cli.serving import Port, run_worker
from prunella.settings import load_settings
from prunella_sandbox.company import BEGINS

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
        asyncio.run(run_worker(settings, base))


@app.command(hidden=True)
def demo_outside(port: Port, smtp_port: Port) -> None:
    """Serve the made-up company's outside world; started by `demo`."""
    product = product_routes(load_settings())
    run_outside(port=port, smtp_port=smtp_port, begins=BEGINS, product=product)


@app.command()
def sandbox(
    port: Port = 12111,
    smtp_port: Annotated[int, typer.Option(min=1, max=65535, help="Port for letters.")] = 12125,
) -> None:
    """Run the stand-in for Stripe and its mailbox alone."""
    must_be_free(HOST, port)
    must_be_free(HOST, smtp_port, option="--smtp-port")
    run_outside(port=port, smtp_port=smtp_port)
