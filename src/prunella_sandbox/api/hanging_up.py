"""Hanging up: the connection closes without an answer, as when a network fails.

ASGI cannot say that. Under uvicorn the connection is found behind `send`; under any other server
an answer is begun and never completed, which breaks the caller's read as well.
"""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

KEY = "sandbox.connection"


def remember_connection(scope: Scope, send: Send) -> Scope:
    """Note the connection in the scope, before anything wraps `send`."""
    cycle: Any = getattr(send, "__self__", None)
    scope[KEY] = getattr(cycle, "transport", None)
    return scope


class HangUp(Response):
    def __init__(self, hold_seconds: float) -> None:
        super().__init__()
        self._hold_seconds = hold_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(self._hold_seconds)
        connection: asyncio.Transport | None = scope[KEY]
        if connection is None:
            headers = [(b"content-length", b"1")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            return
        connection.close()
        while (await receive())["type"] != "http.disconnect":
            pass
