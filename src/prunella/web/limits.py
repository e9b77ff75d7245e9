"""No request is read beyond what we ever need of it."""

import re

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from prunella.web.errors import BadRequestError, TooLargeError

MAX_BODY_BYTES = 1_000_000
MAX_EVENT_BYTES = 5_000_000
EVENTS = "/webhooks/"
MAX_FILES_BYTES = 28_000_000
"""What a message may carry, and the form around it."""
MAX_JSON_FILES_BYTES = 36_000_000
"""The same in base64."""
_TAKES_FILES = re.compile(r"(?:/embed)?/billing/(?:cases(?:/|$)|person$)|/desk/cases/")
_TAKES_JSON_FILES = re.compile(r"/v1/cases(?:/[^/]+/messages)?")
MAX_QUERY_BYTES = 16_000


class Limits:
    """Refuse a body by its announced length, and stop reading one that turns out longer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        _check_address(scope)
        left = _most(scope)
        if _announced(scope) > left:
            raise TooLargeError

        async def receive_some() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise TooLargeError
            return message

        await self.app(scope, receive_some, send)


def _most(scope: Scope) -> int:
    if scope["path"].startswith(EVENTS):
        return MAX_EVENT_BYTES
    kind = HTTPConnection(scope).headers.get("content-type", "")
    if kind.startswith("multipart/form-data") and _TAKES_FILES.match(scope["path"]):
        return MAX_FILES_BYTES
    if _TAKES_JSON_FILES.fullmatch(scope["path"]):
        return MAX_JSON_FILES_BYTES
    return MAX_BODY_BYTES


def _check_address(scope: Scope) -> None:
    """A zero byte is no letter: Postgres refuses it, and no id of ours has one."""
    query = scope["query_string"]
    if "\x00" in scope["path"] or b"%00" in query or len(query) > MAX_QUERY_BYTES:
        raise BadRequestError


def _announced(scope: Scope) -> int:
    length = HTTPConnection(scope).headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        raise BadRequestError
    return int(length[:15])
