"""`/buy/…`: a payment link leads to a checkout of its own."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from prunella_sandbox.errors import LinkExpiredError, NotFoundError
from prunella_sandbox.pages.checkout import checkout_path
from prunella_sandbox.pages.render import Pages, go
from prunella_sandbox.resources.payment_links import open_session
from prunella_sandbox.world import World


@dataclass(frozen=True)
class BuyingPages:
    world: World
    pages: Pages

    def routes(self) -> list[Route]:
        return [Route("/buy/{token}", self.show, methods=["GET"])]

    async def show(self, request: Request) -> Response:
        try:
            with self.world.transaction():
                session = open_session(self.world, request.path_params["token"])
        except (LinkExpiredError, NotFoundError) as error:
            return self._closed(error.message if isinstance(error, LinkExpiredError) else "")
        return go(checkout_path(session))

    def _closed(self, words: str) -> Response:
        return self.pages.show(
            "notice.html",
            status=410 if words else 404,
            state="warn",
            word="Not here",
            heading="This payment link is not open",
            lead=words or "Check the address, or ask whoever sent it to you.",
            address=None,
        )
