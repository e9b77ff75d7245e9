"""`sandbox`: the stand-in outside world alone, or as a part of the demo."""

from typing import Annotated

import typer

from prunella.cli.app import app
from prunella.cli.demo.outside import HOST, run_outside
from prunella.cli.demo.product import product_routes
from prunella.cli.listening import Port, must_be_free
from prunella.settings import load_settings
from prunella_sandbox.company import BEGINS


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
