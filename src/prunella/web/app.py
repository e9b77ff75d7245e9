"""The web application: what stands in front of the rooms."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles

from prunella.bootstrap import Rooms
from prunella.people.entrance import Entrance
from prunella.people.passwords import Passwords
from prunella.settings import Settings
from prunella.web import api, pages
from prunella.web.api import webhooks
from prunella.web.callers import Callers
from prunella.web.contract import told_in_contract
from prunella.web.counting import Counting, Tally
from prunella.web.framed import Framed
from prunella.web.headers import SecurityHeaders
from prunella.web.limits import Limits
from prunella.web.live import Live
from prunella.web.problems import LastResort, install_problems
from prunella.web.recognised import Recognised
from prunella.web.rendering import STATIC_DIR, Pages, whole_languages
from prunella.web.sharing import Sharing
from prunella.web.site import Site

DESCRIPTION = "Settles a SaaS company's billing contacts. Errors are RFC 9457 problem documents."


def create_app(rooms: Rooms, passwords: Passwords | None = None) -> FastAPI:
    """Build the application on rooms that are open already; who opened them closes them."""
    site = _site(rooms, passwords or Passwords())
    app = FastAPI(
        title="Prunella",
        description=DESCRIPTION,
        version="1",
        docs_url=None,
        redoc_url=None,
        lifespan=_live,
        middleware=_middleware(rooms.settings, site.tally),
    )
    app.state.site = site
    app.openapi = told_in_contract(app)  # type: ignore[method-assign] # FastAPI's own way
    install_problems(app)
    app.mount("/static", StaticFiles(directory=STATIC_DIR), name="static")
    app.router.routes.insert(0, webhooks.door)
    app.include_router(pages.first.router, include_in_schema=False)
    for part in api.parts:
        app.include_router(part.router)
    for page in pages.parts:
        app.include_router(page.router, include_in_schema=False)
    return app


def _site(rooms: Rooms, passwords: Passwords) -> Site:
    return Site(
        rooms=rooms,
        pages=Pages(rooms.words, whole_languages(rooms.languages)),
        live=Live(rooms.house),
        tally=Tally(),
        entrance=Entrance(rooms.house, passwords),
    )


def _middleware(settings: Settings, tally: Tally) -> list[Middleware]:
    """What every request passes on its way in, the outermost first."""
    return [
        Middleware(SecurityHeaders, settings=settings),
        Middleware(Counting, tally=tally),
        Middleware(Sharing, settings=settings),
        Middleware(LastResort),
        Middleware(Callers, settings=settings),
        Middleware(Recognised),
        Middleware(Limits),
        Middleware(Framed),
    ]


@asynccontextmanager
async def _live(app: FastAPI) -> AsyncIterator[None]:
    tail = asyncio.create_task(app.state.site.live.run())
    try:
        yield
    finally:
        tail.cancel()
        with suppress(asyncio.CancelledError):
            await tail
