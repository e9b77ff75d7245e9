"""The light's answer may be read by pages of the listed origins, and by nobody else's."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from prunella.settings import Settings
from prunella.web.embed import listed

SHARED = "/embed/status"
ALLOWED = {
    "access-control-allow-methods": "GET",
    "access-control-allow-headers": "authorization",
    "access-control-max-age": "600",
}


class Sharing:
    """Answer browsers that ask first (CORS); no cookie is ever asked for or read there."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.origins = listed(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != SHARED:
            await self.app(scope, receive, send)
            return
        origin = Headers(scope=scope).get("origin", "")
        told = {"access-control-allow-origin": origin} if origin in self.origins else {}

        async def send_shared(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("origin")
                headers.update(told)
            await send(message)

        if scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=ALLOWED)(scope, receive, send_shared)
            return
        await self.app(scope, receive, send_shared)
