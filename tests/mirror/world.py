"""A Stripe as small as the mirror's suites need: objects, lists, expansion, and its bad days."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qsl

import stripe
import uvicorn

from prunella.connectors.stripe.client import build_client, close_client
from prunella.connectors.stripe.pace import Pace
from prunella.connectors.stripe.paths import API_VERSION, PATHS
from prunella.connectors.stripe.reads import Reads
from prunella.kit.clock import Clock, SystemClock

SECRET = "whsec_of_the_suite"
KINDS = {**{path: kind for kind, path in PATHS.items()}, "/v1/events": "event"}

Object = dict[str, Any]
Refusal = tuple[int, dict[str, str]]


def sign(body: bytes, *, secret: str = SECRET, at: float | None = None) -> str:
    timestamp = int(time.time() if at is None else at)
    signed = b"%d." % timestamp + body
    return f"t={timestamp},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def event(
    event_id: str,
    type_: str,
    data: Object,
    *,
    created: int,
    version: str | None = API_VERSION,
    **more: Any,
) -> bytes:
    about = {"object": data, **more}
    body = {"id": event_id, "object": "event", "type": type_, "created": created, "data": about}
    return json.dumps({**body, "api_version": version, "livemode": False}).encode()


@dataclass
class World:
    """Present objects by id. `refuse` may turn a request away with a status and headers.

    `served` hears of each page of a list: what was asked for, and the page.
    """

    objects: dict[str, Object] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    lists: dict[str, list[Object]] = field(default_factory=dict)  # kept under a customer
    refuse: Callable[[str], Refusal | None] = lambda _path: None
    served: Callable[[dict[str, str], Object], None] = lambda _asked, _page: None
    url: str = ""
    time: float | None = None  # what its Date header says; None: the machine's time

    def put(self, data: Object) -> Object:
        self.objects[data["id"]] = data
        return data

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        path, query = scope["path"], scope["query_string"].decode()
        self.requests.append(path)
        refusal = self.refuse(path)
        if refusal:
            answer = refusal[0], _error("not now"), refusal[1]
        else:
            status, body = self._answer(path, parse_qsl(query))
            answer = status, body, {}
        answer[2]["date"] = formatdate(self.time, usegmt=True)
        await _send(send, *answer)

    def _answer(self, path: str, query: list[tuple[str, str]]) -> tuple[int, Object]:
        params = {key: value for key, value in query if not key.startswith("expand")}
        expand = [value for key, value in query if key.startswith("expand")]
        if params.get("starting_after", "") not in {"", *self.objects}:
            return 400, _error("No such object", "resource_missing")
        if path in self.lists:
            return 200, {"object": "list", "has_more": False, "data": self.lists[path]}
        if path in KINDS:
            return 200, self._list(KINDS[path], params, expand)
        parent, _, name = path.rpartition("/")
        if name == "payment_methods":
            owner = parent.rpartition("/")[2]
            return 200, self._list("payment_method", {**params, "customer": owner}, expand)
        found = self.objects.get(name)
        if found is None or found["object"] != KINDS.get(parent):
            return 404, _error("No such object", "resource_missing")
        return 200, self._expanded(found, expand)

    def _list(self, kind: str, params: dict[str, str], expand: list[str]) -> Object:
        chosen = [data for data in self.objects.values() if data["object"] == kind]
        for key in ("customer", "invoice", "status"):
            if params.get(key, "all") != "all":
                chosen = [data for data in chosen if data.get(key) == params[key]]
        if intent := params.get("payment[payment_intent]"):
            chosen = [data for data in chosen if data["payment"]["payment_intent"] == intent]
        for sign_, keep in _COMPARE.items():
            if f"created[{sign_}]" in params:
                bound = int(params[f"created[{sign_}]"])
                chosen = [data for data in chosen if keep(data["created"], bound)]
        chosen.sort(key=lambda data: (data["created"], data["id"]), reverse=True)
        if "starting_after" in params:
            names = [data["id"] for data in chosen]
            chosen = chosen[names.index(params["starting_after"]) + 1 :]
        limit = int(params.get("limit", "10"))
        page = {"object": "list", "url": kind, "has_more": len(chosen) > limit}
        told = self._expanded({**page, "data": chosen[:limit]}, expand)
        self.served(params, told)
        return told

    def _expanded(self, data: Object, expand: list[str]) -> Object:
        copy: Object = json.loads(json.dumps(data))
        for path in expand:
            self._expand(copy, path.split("."))
        return copy

    def _expand(self, data: Any, path: list[str]) -> None:
        if isinstance(data, list):
            for item in data:
                self._expand(item, path)
            return
        if not path or not isinstance(data, dict) or data.get(path[0]) is None:
            return
        value = data[path[0]]
        if isinstance(value, str):
            data[path[0]] = value = json.loads(json.dumps(self.objects[value]))
        self._expand(value, path[1:])


_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
}


def _error(message: str, code: str | None = None) -> Object:
    return {"error": {"type": "invalid_request_error", "message": message, "code": code}}


async def _send(send: Any, status: int, body: Object, headers: dict[str, str]) -> None:
    pairs = [(key.encode(), value.encode()) for key, value in headers.items()]
    pairs.append((b"content-type", b"application/json"))
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})


class _Quiet(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[str]:
    """Serve on a free port of the loopback; gives the address."""
    config = uvicorn.Config(app, port=0, lifespan="off", log_config=None, date_header=False)
    server = _Quiet(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 uvicorn offers nothing to wait for
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running


@asynccontextmanager
async def reading(
    world: World, *, pace: Pace | None = None, clock: Clock | None = None
) -> AsyncIterator[Reads]:
    """Serve the world, and read from it through the official SDK."""
    async with served(world) as world.url:
        client: stripe.StripeClient = build_client(
            "sk_test_of_the_suite", api_base=world.url, max_network_retries=0
        )
        try:
            yield Reads(client, pace=pace or Pace(1000.0), clock=clock or SystemClock())
        finally:
            await close_client(client)
