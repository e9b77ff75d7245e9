"""The way to the sandbox without a network: its app is called in the same breath."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from typing import Any
from urllib.parse import urlsplit

import anyio
import httpx
import stripe
from starlette.applications import Starlette

Answer = tuple[bytes, int, dict[str, str]]
Told = tuple[str, int, Mapping[str, str]]


def ask(app: Starlette, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Ask and be answered before anything else can happen.

    Raises ConnectionError when the sandbox hangs up.
    """
    target = urlsplit(url)
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method.upper(),
        "scheme": target.scheme,
        "path": target.path,
        "raw_path": target.path.encode(),
        "query_string": target.query.encode(),
        "root_path": "",
        "headers": [(key.lower().encode(), value.encode()) for key, value in headers.items()],
        "server": (target.hostname, target.port),
        "client": ("127.0.0.1", 1),
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    _at_once(app(scope, receive, send))
    if sent[-1]["type"] != "http.response.body" or sent[-1].get("more_body"):
        message = "the sandbox hung up"
        raise ConnectionError(message)
    content = b"".join(part.get("body", b"") for part in sent[1:])
    got = {key.decode().lower(): value.decode() for key, value in sent[0]["headers"]}
    return content, sent[0]["status"], got


def _at_once(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run what never waits. The sandbox waits only where a fault tells it to be slow."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
    message = "the sandbox wants to wait: leave slowness out of this way of asking"
    raise AssertionError(message)


class StraightHttp(stripe.HTTPClient):
    """Under the official SDK, ours and the company's."""

    name = "straight"

    def __init__(self, app: Starlette) -> None:
        super().__init__()
        self._app = app

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> Told:
        sent = (post_data or "").encode()
        try:
            content, status, got = ask(self._app, method, url, headers or {}, sent)
        except ConnectionError as error:
            raise stripe.APIConnectionError(str(error)) from error  # type: ignore[no-untyped-call]  # the SDK left it so
        return content.decode(), status, got

    async def request_async(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        post_data: Any = None,
    ) -> tuple[bytes, int, Mapping[str, str]]:
        content, status, got = self.request(method, url, headers, post_data)
        return content.encode(), status, got

    async def sleep_async(self, secs: float) -> None:
        await anyio.sleep(secs)

    def close(self) -> None:
        """Nothing is open."""

    async def close_async(self) -> None:
        """Nothing is open."""


class StraightTransport(httpx.BaseTransport):
    """Under httpx, for the sandbox's own controls."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = dict(request.headers)
        content, status, got = ask(
            self._app, request.method, str(request.url), headers, request.read()
        )
        return httpx.Response(status, headers=got, content=content)
