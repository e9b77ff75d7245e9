"""The outside world as a process: the stand-in for Stripe, its pages, and the mailbox."""

import asyncio
import sys
from collections.abc import Sequence
from datetime import datetime

import uvicorn
from starlette.routing import BaseRoute

from prunella.kit.clock import system_now
from prunella_sandbox import Clock, World
from prunella_sandbox.mailbox import Mailbox, MailServer
from prunella_sandbox.outside import create_outside

HOST = "127.0.0.1"


def run_outside(
    *,
    port: int,
    smtp_port: int,
    begins: datetime | None = None,
    product: Sequence[BaseRoute] = (),
) -> None:
    """Serve until stopped. With `begins` its time starts there instead of now.

    `product` are the pages of the made-up company's own.
    """
    asyncio.run(_run(port=port, smtp_port=smtp_port, begins=begins, product=product))


async def _run(
    *, port: int, smtp_port: int, begins: datetime | None, product: Sequence[BaseRoute]
) -> None:
    clock = Clock()
    if begins:
        clock.offset_seconds = (begins - system_now()).total_seconds()
    mailbox = Mailbox()
    app = create_outside(World(clock=clock), mailbox, public_url=f"http://{HOST}:{port}")
    app.router.routes[:0] = product
    config = uvicorn.Config(
        app, host=HOST, port=port, log_level="warning", access_log=False, lifespan="on"
    )
    async with MailServer(mailbox, host=HOST, port=smtp_port) as mail:
        sys.stdout.write(f"Stand-in for Stripe: http://{HOST}:{port}  Mail: {mail.url}\n")
        sys.stdout.flush()
        await uvicorn.Server(config).serve()
