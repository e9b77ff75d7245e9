"""The company's own system over HTTP: `GET URL/{customer}`, and `PUT` there to set it."""

import asyncio
import json
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from prunella.connectors.subscriptions.errors import (
    KeyNotTaken,
    NeverAsked,
    NotTaken,
    SubscriptionsAway,
    SubscriptionsProblem,
    UnreadableAnswer,
)
from prunella.connectors.subscriptions.source import Kind
from prunella.connectors.subscriptions.usable import Usable, read_usable

TIMEOUT_S = 10.0
MAX_BYTES = 65_536
_ANSWERED = frozenset({*range(200, 300), HTTPStatus.NOT_FOUND})
_NO_KEY = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_COME_BACK = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY})
# What fails before a request is on its way.
_BEFORE_SENDING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class HttpSource:
    """Asks with a bearer, follows nobody elsewhere, and tries nothing twice."""

    kind: Kind = "http"

    def __init__(
        self, url: str, *, token: str | None, writable: bool, timeout_s: float = TIMEOUT_S
    ) -> None:
        self.writable = writable
        self._url = url.rstrip("/")
        self._timeout_s = timeout_s
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.AsyncClient(timeout=timeout_s, headers=headers, trust_env=False)

    async def usable(self, customer: str) -> Usable | None:
        status, told = await self._ask("GET", customer)
        if status == HTTPStatus.NOT_FOUND:
            return None
        return read_usable(told)

    async def bring(self, customer: str, usable: Usable, *, key: str) -> None:
        if not self.writable:
            raise NotTaken
        status, _ = await self._ask(
            "PUT", customer, json=usable.to_json(), headers={"Idempotency-Key": key}
        )
        if status == HTTPStatus.NOT_FOUND:
            raise NotTaken

    async def close(self) -> None:
        await self._client.aclose()

    async def _ask(self, method: str, customer: str, **more: Any) -> tuple[int, dict[str, Any]]:
        """Return the status, 2xx or 404, and what was answered. Nothing of either is logged."""
        address = f"{self._url}/{quote(customer, safe='')}"
        try:
            async with asyncio.timeout(self._timeout_s):
                status, body = await self._answer(method, address, **more)
        except TimeoutError as error:
            raise SubscriptionsAway from error
        except httpx.HTTPError as error:
            raise _lost(error) from None
        problem = _problem_of(status)
        if problem:
            raise problem
        reads = method == "GET" and status != HTTPStatus.NOT_FOUND
        return status, _read(body) if reads else {}

    async def _answer(self, method: str, address: str, **more: Any) -> tuple[int, bytes]:
        """Read no more than an answer can have."""
        body = b""
        async with self._client.stream(method, address, **more) as answer:
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > MAX_BYTES:
                    break
            return answer.status_code, body


def _lost(error: httpx.HTTPError) -> SubscriptionsProblem:
    return NeverAsked() if isinstance(error, _BEFORE_SENDING) else SubscriptionsAway()


def _problem_of(status: int) -> SubscriptionsProblem | None:
    if status in _ANSWERED:
        return None
    if status in _NO_KEY:
        return KeyNotTaken()
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return NeverAsked()
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _COME_BACK:
        return SubscriptionsAway()
    return NotTaken()


def _read(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body) if len(body) <= MAX_BYTES else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise UnreadableAnswer
    return told
