"""The whole outside world in one app: Stripe, its pages, and the mailbox as JSON and as pages."""

from __future__ import annotations

from starlette.applications import Starlette

from prunella_sandbox.api.app import create_app
from prunella_sandbox.mailbox import Mailbox, mail_routes
from prunella_sandbox.pages import page_routes
from prunella_sandbox.shapes import check_request, check_response
from prunella_sandbox.world import World


def create_outside(
    world: World, mailbox: Mailbox, *, public_url: str | None = None, is_checked: bool = False
) -> Starlette:
    """Build the app; with `is_checked` every request and response is held against the SDK.

    The mailbox's SMTP side is a server of its own: `MailServer(mailbox)`.
    """
    return create_app(
        world,
        public_url=public_url,
        pages=lambda world: [*mail_routes(mailbox), *page_routes(world, mailbox)],
        check_response=check_response if is_checked else None,
        check_request=check_request if is_checked else None,
        on_reset=mailbox.empty,
    )
