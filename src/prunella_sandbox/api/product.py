"""`/entitlements/{customer}` to read and to set, and a control that makes it say otherwise."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from json import JSONDecodeError
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from prunella_sandbox.api.faults import BEFORE, Faults
from prunella_sandbox.api.hanging_up import HangUp
from prunella_sandbox.api.requests import ApiRequest, Reply, RequestLog
from prunella_sandbox.ids import new_id
from prunella_sandbox.product import Entitlements, Usable
from prunella_sandbox.world import World

UNREADABLE = "send {plan, active, quantity}"
_REFUSED = {"rate_limit": 429, "error_before": 500}


@dataclass(frozen=True)
class Way:
    """What stands between a request and what customers may use: faults, and who writes it down."""

    world: World
    entitlements: Entitlements
    faults: Faults
    log: RequestLog

    async def read(self, request: Request) -> Response:
        return await self._answer(request, self._read)

    async def set(self, request: Request) -> Response:
        return await self._answer(request, self._set)

    async def say(self, request: Request) -> Response:
        """The control: `{customer, plan, active, quantity}` is what it says from now on."""
        sent = await _sent(request)
        usable = _usable(sent) if sent else None
        customer = str((sent or {}).get("customer"))
        if usable is None or self.entitlements.of(customer) is None:
            return _no(UNREADABLE, 400)
        self.entitlements.say(customer, usable)
        return JSONResponse(usable.to_json())

    async def _answer(
        self, request: Request, do: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        """Let faults happen before or after, and note what was asked, answered or not."""
        if not request.headers.get("authorization", "").startswith("Bearer "):
            return _no("say who asks", 401)
        where = (request.method, request.url.path)
        fault = self.faults.take(*where, of=BEFORE)
        if fault and fault.kind in _REFUSED:
            return self._noted(request, _no("not now", _REFUSED[fault.kind]))
        await asyncio.sleep(fault.seconds if fault else 0)
        answer = self._noted(request, await do(request))
        fault = self.faults.take(*where, of=("error_after", "timeout_after"))
        if fault is None:
            return answer
        return HangUp(fault.seconds) if fault.kind == "timeout_after" else _no("broken", 500)

    def _noted(self, request: Request, answer: Response) -> Response:
        asked = ApiRequest(
            id=new_id(self.world.noise, "request"),
            method=request.method,
            path=request.url.path,
            params={},
            authorization=None,
            idempotency_key=request.headers.get("idempotency-key"),
        )
        reply = Reply(answer.status_code, bytes(answer.body))
        self.log.note(asked, reply, at=self.world.clock.now())
        return answer

    async def _read(self, request: Request) -> Response:
        usable = self.entitlements.of(request.path_params["customer"])
        return _no("nobody is called so", 404) if usable is None else _told(usable)

    async def _set(self, request: Request) -> Response:
        customer = request.path_params["customer"]
        if self.entitlements.of(customer) is None:
            return _no("nobody is called so", 404)
        sent = await _sent(request)
        usable = _usable(sent) if sent else None
        if usable is None:
            return _no(UNREADABLE, 422)
        self.entitlements.say(customer, usable)
        return _told(usable)


def product_routes(way: Way) -> list[Route]:
    return [
        Route("/entitlements/{customer}", way.read, methods=["GET"]),
        Route("/entitlements/{customer}", way.set, methods=["PUT"]),
        Route("/_sandbox/entitlements", way.say, methods=["POST"]),
    ]


async def _sent(request: Request) -> dict[str, Any] | None:
    try:
        sent = json.loads(await request.body())
    except (JSONDecodeError, UnicodeDecodeError):
        return None
    return sent if isinstance(sent, dict) else None


def _usable(sent: dict[str, Any]) -> Usable | None:
    plan, active, quantity = sent.get("plan"), sent.get("active"), sent.get("quantity")
    if not (plan is None or isinstance(plan, str)) or not isinstance(active, bool):
        return None
    return Usable(plan, active, quantity) if quantity is None or type(quantity) is int else None


def _told(usable: Usable) -> Response:
    return JSONResponse(usable.to_json())


def _no(message: str, status: int) -> Response:
    return JSONResponse({"error": {"message": message}}, status_code=status)
