"""Nobody reads what does not fit in a call of the API before we know who asks.

The token is looked up once a request: by `visits.call`, in the transaction of what is asked for.
Here it is only looked up for a call that was refused before it came as far as that.
"""

from fastapi import Request
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from prunella.web.errors import Problem, SignInError
from prunella.web.visits import bearer_of, is_recognised, must_be_recognised

API = "/v1/"
_TELLS_OF_THE_REQUEST = frozenset({400, 413, 415, 422})


class Recognised:
    """Answer 401 to who is unknown, whatever else is wrong with what they sent."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(API):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        try:
            bearer_of(request)
        except SignInError:
            if _leads_somewhere(scope):
                raise
        answer = _Answer(request, send)
        try:
            await self.app(scope, receive, answer.send)
        except Problem:
            if not is_recognised(request):
                await must_be_recognised(request)
            raise
        if answer.unknown is not None:
            raise answer.unknown


class _Answer:
    """Passes an answer on, unless it tells somebody unknown of their request."""

    def __init__(self, request: Request, send: Send) -> None:
        self._request = request
        self._send = send
        self.unknown: Exception | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._look(message["status"])
        if self.unknown is None:
            await self._send(message)

    async def _look(self, status: int) -> None:
        if status not in _TELLS_OF_THE_REQUEST or is_recognised(self._request):
            return
        try:
            await must_be_recognised(self._request)
        except Exception as error:  # noqa: BLE001 raised again where nothing was sent yet
            self.unknown = error


def _leads_somewhere(scope: Scope) -> bool:
    """An address that takes nothing of the kind says so to everybody."""
    return any(route.matches(scope)[0] is Match.FULL for route in scope["app"].router.routes)
