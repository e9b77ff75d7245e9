"""`python -m prunella_sandbox --port N --smtp-port M`: Stripe, its pages and the mailbox."""

from __future__ import annotations

import argparse
import asyncio

from prunella_sandbox import World
from prunella_sandbox.mailbox import Mailbox, MailServer
from prunella_sandbox.outside import create_outside
from prunella_sandbox.serving import address, bind, serve_beside

DEFAULT_PORT, DEFAULT_SMTP_PORT = 12111, 12125


def main() -> None:
    chosen = _parser().parse_args()
    listener = bind(chosen.host, chosen.port)
    mailbox = Mailbox()
    app = create_outside(
        World(seed=chosen.seed),
        mailbox,
        public_url=address(listener),
        is_checked=chosen.checked,
    )
    mail = MailServer(mailbox, host=chosen.host, port=chosen.smtp_port)
    asyncio.run(serve_beside(app, listener, mail=mail))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="prunella_sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 takes a free one")
    parser.add_argument("--smtp-port", type=int, default=DEFAULT_SMTP_PORT)
    parser.add_argument("--seed", type=int, help="the same seed gives the same ids")
    parser.add_argument(
        "--checked", action="store_true", help="hold what is sent and answered against the SDK"
    )
    return parser


if __name__ == "__main__":
    main()
