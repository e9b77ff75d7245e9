"""The pages below /embed/billing: those of /billing under another address, in another's frame.

Handlers and templates know of one address. Here a request comes in under ours, as it does behind a
proxy, and what goes out leads back below /embed. Only attributes that our templates write are
touched: in anybody's words a quotation mark is escaped.
"""

from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from prunella.web.embed import store
from prunella.web.headers import FRAMED
from prunella.web.rendering import Pages
from prunella.web.site import Site
from prunella.web.visits import DOOR

PREFIX = "/embed"
HOME = "/billing"
RETURN = "/billing/return"
ENTRANCE = {"token", "again"}


class Framed:
    """Show pages in frames, and see to it that what refuses frames opens around them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["path"] == RETURN and (home := await _home(scope)):
            await RedirectResponse(home, 303)(scope, receive, send)
        elif _is_framed(scope):
            await self._show(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _show(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(PREFIX)
        inner = {**scope, "path": path, "raw_path": path.encode(), "framed": True, "state": {}}
        answer = _Answer(send, ours=_host(scope))
        await self.app(inner, receive, answer.send)
        if answer.leads_to:
            await _leave(inner, receive, send, answer.leads_to)


class _Answer:
    """Passes an answer on: addresses below /embed, pages as a whole, nothing that leads away."""

    def __init__(self, send: Send, *, ours: str) -> None:
        self._send = send
        self._ours = ours
        self._held: Message | None = None
        self._page = b""
        self.leads_to = ""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._start(message)
        elif self._held is not None:
            self._page += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish(self._held)
        elif not self.leads_to:
            await self._send(message)

    async def _start(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        location = headers.get("location", "")
        if urlsplit(location).netloc not in {"", self._ours}:
            self.leads_to = location
            return
        if location.startswith(HOME):
            headers["location"] = PREFIX + location
        if headers.get("content-type", "").startswith("text/html"):
            self._held = message
            return
        await self._send(message)

    async def _finish(self, start: Message) -> None:
        body = self._page.replace(b'="/billing', b'="/embed/billing')
        MutableHeaders(scope=start)["content-length"] = str(len(body))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


async def _leave(scope: Scope, receive: Receive, send: Send, address: str) -> None:
    """A secure page refuses frames: offer it for the whole window, and note where it leads back."""
    site: Site = scope["app"].state.site
    frame, run = scope["state"].get("frame"), scope["state"].get("run")
    if frame and run:
        async with site.rooms.house.transaction(DOOR) as tx:
            await store.note_run(tx, run, frame.home)
    pages: Pages = site.pages.in_language_of(scope["state"].get("locale", ""))
    page = pages.show("leave.html", {"address": address, "frame": frame, "framed": True})
    answer = _Answer(send, ours="")
    await page(scope, receive, answer.send)


async def _home(scope: Scope) -> str:
    """The company's page that a fix left from."""
    runs = parse_qs(scope["query_string"].decode("latin-1")).get("run", [""])
    site: Site = scope["app"].state.site
    async with site.rooms.house.transaction(DOOR) as tx:
        return await store.home_of_run(tx, runs[0])


def _is_framed(scope: Scope) -> bool:
    path = scope["path"]
    if path == FRAMED:
        return not ENTRANCE & parse_qs(scope["query_string"].decode("latin-1")).keys()
    return bool(path.startswith(f"{FRAMED}/"))


def _host(scope: Scope) -> str:
    return next(
        (value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), ""
    )
