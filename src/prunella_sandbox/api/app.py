"""The ASGI app: Stripe's API under `/v1`, controls under `/_sandbox`, the rest beside them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from prunella_sandbox.api.control import control_routes
from prunella_sandbox.api.engine import CheckRequest, CheckResponse, Engine, refusal
from prunella_sandbox.api.hanging_up import HangUp, remember_connection
from prunella_sandbox.api.product import Way, product_routes
from prunella_sandbox.api.requests import ApiRequest, Reply
from prunella_sandbox.api.service import Service
from prunella_sandbox.errors import InvalidParameterError, StripeError
from prunella_sandbox.events import API_VERSION
from prunella_sandbox.forms import Nested, parse
from prunella_sandbox.ids import new_id
from prunella_sandbox.product import Entitlements
from prunella_sandbox.resources.table import ALL_ROUTES
from prunella_sandbox.routes import RouteTable
from prunella_sandbox.world import DEFAULT_URL, World

MAX_BODY_BYTES = 1_000_000
TOO_MANY = 429
METHODS = ["GET", "POST", "DELETE"]
Pages = Callable[[World], Sequence[BaseRoute]]


class _App(Starlette):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__(remember_connection(scope, send), receive, send)


def create_app(
    world: World | None = None,
    *,
    public_url: str | None = None,
    pages: Pages | None = None,
    check_response: CheckResponse | None = None,
    check_request: CheckRequest | None = None,
    on_reset: Callable[[], None] | None = None,
) -> Starlette:
    """Build the app over a world of its own, or over the one that is given.

    `on_reset` is called when the world is reset, for what stands beside it.
    Without `public_url` the hosted links take the address under which the last request came.
    """
    world = world or World()
    if public_url:
        world.public_url = public_url.rstrip("/")
    table = RouteTable(ALL_ROUTES)
    engine = Engine(world, table, check_response=check_response, check_request=check_request)
    entitlements = Entitlements(world)

    def forget() -> None:
        entitlements.forget()
        if on_reset:
            on_reset()

    service = Service(world, engine, on_reset=forget)
    routes = [
        *_routes(service, learns_address=public_url is None),
        *product_routes(Way(world, entitlements, engine.faults, service.log)),
        *(pages(world) if pages else ()),
    ]
    app = _App(lifespan=lambda _app: service.running(), routes=routes)
    app.state.world = world
    return app


def _routes(service: Service, *, learns_address: bool) -> list[Route]:
    api = Api(service, learns_address=learns_address)
    return [Route("/v1/{path:path}", api.answer, methods=METHODS), *control_routes(service)]


@dataclass(frozen=True)
class Api:
    """Stripe's API over HTTP."""

    service: Service
    learns_address: bool

    async def answer(self, request: Request) -> Response:
        world = self.service.world
        if self.learns_address:
            world.public_url = str(request.base_url).rstrip("/") or DEFAULT_URL
        call = _call(request, world)
        try:
            reply = await self._reply(replace(call, params=await _params(request)))
        except StripeError as error:
            reply = refusal(error)
        self.service.log.note(call, reply, at=world.clock.now())
        if reply.is_lost:
            return HangUp(reply.hold_seconds)
        return Response(reply.body, status_code=reply.status, headers=_headers(call, reply))

    async def _reply(self, call: ApiRequest) -> Reply:
        engine = self.service.engine
        refusal, pause = engine.before(call)
        if refusal:
            return refusal
        if pause:
            await asyncio.sleep(pause)
        return engine.answer(call, was_held=bool(pause))


def _call(request: Request, world: World) -> ApiRequest:
    return ApiRequest(
        id=new_id(world.noise, "request"),
        method=request.method,
        path=request.url.path,
        params={},
        authorization=request.headers.get("authorization"),
        idempotency_key=request.headers.get("idempotency-key"),
    )


async def _params(request: Request) -> Nested:
    """Read the parameters, wherever they are.

    Raises:
        InvalidParameterError: too much, or unreadable.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise InvalidParameterError(message=f"The body exceeds {MAX_BODY_BYTES} bytes.")
    parts = (request.url.query, body.decode(errors="replace"))
    return parse("&".join(part for part in parts if part))


def _headers(call: ApiRequest, reply: Reply) -> dict[str, str]:
    headers = {
        "Content-Type": "application/json",
        "Request-Id": call.id,
        "Stripe-Version": API_VERSION,
    }
    if call.idempotency_key:
        headers |= {"Idempotency-Key": call.idempotency_key, "Original-Request": call.id}
    if reply.is_replayed:
        headers["Idempotent-Replayed"] = "true"
    if reply.status == TOO_MANY:
        headers["Stripe-Should-Retry"] = "false"
    return headers
