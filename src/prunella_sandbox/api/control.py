"""`/_sandbox`: what no real Stripe offers, all of it JSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from prunella_sandbox import timeline
from prunella_sandbox.api.faults import KINDS, MAX_SECONDS, Fault
from prunella_sandbox.api.service import Service
from prunella_sandbox.billing import disputing, misbilling
from prunella_sandbox.errors import InvalidRequestError, StripeError
from prunella_sandbox.rendering import rendered
from prunella_sandbox.settings import AfterLastRetry
from prunella_sandbox.webhooks.modes import MODES
from prunella_sandbox.world import World

MAX_ADVANCE_SECONDS = 20 * 366 * 24 * 3600
MAX_COUNT = 1_000_000
MAX_LISTED = 10_000
MAX_ADDED = 99_999_999
Control = Callable[[Service, dict[str, Any]], Awaitable[dict[str, Any]]]


async def reset(service: Service, _sent: dict[str, Any]) -> dict[str, Any]:
    service.reset()
    return {"reset": True}


async def read_clock(service: Service, _sent: dict[str, Any]) -> dict[str, Any]:
    due = service.world.agenda.upcoming()
    return {
        "now": service.world.clock.now(),
        "offset_seconds": service.world.clock.offset_seconds,
        "next": {"at": due.at, "what": due.what, "object": due.object_id} if due else None,
    }


async def advance_clock(service: Service, sent: dict[str, Any]) -> dict[str, Any]:
    seconds = _number(sent, "advance_seconds", most=MAX_ADVANCE_SECONDS)
    async with service.advancing:
        await timeline.advance_politely(service.world, seconds)
    return await read_clock(service, {})


async def add_fault(service: Service, sent: dict[str, Any]) -> dict[str, Any]:
    kind = sent.get("kind")
    if kind not in KINDS:
        raise InvalidRequestError(message=f"kind must be one of {', '.join(KINDS)}", param="kind")
    fault = Fault(
        kind=kind,
        path=str(sent.get("path") or ""),
        method=str(sent.get("method") or "").upper(),
        seconds=_number(sent, "seconds", most=MAX_SECONDS, default=0),
    )
    count = int(_number(sent, "count", most=MAX_COUNT, default=1))
    service.engine.faults.add(fault, count=count)
    return {"faults": service.engine.faults.pending()}


async def read_faults(service: Service, _sent: dict[str, Any]) -> dict[str, Any]:
    return {"faults": service.engine.faults.pending()}


async def clear_faults(service: Service, _sent: dict[str, Any]) -> dict[str, Any]:
    service.engine.faults.clear()
    return {"faults": []}


async def set_webhooks(service: Service, sent: dict[str, Any]) -> dict[str, Any]:
    mode = sent.get("mode")
    if mode not in MODES:
        raise InvalidRequestError(message=f"mode must be one of {', '.join(MODES)}", param="mode")
    service.deliverer().set_mode("normal" if mode == "release" else mode)
    return await read_webhooks(service, {})


async def read_webhooks(service: Service, _sent: dict[str, Any]) -> dict[str, Any]:
    return {"mode": service.deliverer().mode, "waiting": service.deliverer().waiting()}


async def list_requests(service: Service, _sent: dict[str, Any]) -> dict[str, Any]:
    return {"requests": service.log.entries()}


async def list_events(service: Service, _sent: dict[str, Any]) -> dict[str, Any]:
    events = list(service.world.newest_first("event"))[:MAX_LISTED]
    return {"events": [rendered(service.world, event) for event in events]}


async def open_dispute(service: Service, sent: dict[str, Any]) -> dict[str, Any]:
    """Dispute a `charge`, or decide an open `dispute` with an `outcome`."""
    with service.world.transaction():
        if "dispute" in sent:
            return _decide(service.world, sent)
        charge = service.world.need("charge", str(sent.get("charge")), param="charge")
        if charge["disputed"] or charge["status"] != "succeeded":
            raise InvalidRequestError(message="Only an undisputed successful charge.")
        reason = str(sent.get("reason") or "fraudulent")
        case_type = disputing.INQUIRY if sent.get("inquiry") else "chargeback"
        dispute = disputing.open_dispute(service.world, charge, reason=reason, case_type=case_type)
        return dict(rendered(service.world, dispute))


async def misbill(service: Service, sent: dict[str, Any]) -> dict[str, Any]:
    """Bill the running period of a `subscription` again, or add `by` to a line of a draft."""
    world = service.world
    with world.transaction():
        if "invoice" in sent:
            draft = world.need("invoice", str(sent["invoice"]), param="invoice")
            by = int(_number(sent, "by", most=MAX_ADDED))
            return dict(rendered(world, misbilling.add_to_draft(world, draft, by=by)))
        subscription = world.need(
            "subscription", str(sent.get("subscription")), param="subscription"
        )
        return dict(rendered(world, misbilling.bill_again(world, subscription)))


def _decide(world: World, sent: dict[str, Any]) -> dict[str, Any]:
    if sent.get("outcome") not in {"won", "lost"}:
        raise InvalidRequestError(message="outcome must be won or lost", param="outcome")
    dispute = world.need("dispute", str(sent["dispute"]), param="dispute")
    decided = disputing.decide(world, dispute, is_won=sent["outcome"] == "won")
    return dict(rendered(world, decided))


async def change_settings(service: Service, sent: dict[str, Any]) -> dict[str, Any]:
    """Change what an account would set in the dashboard."""
    known = asdict(service.world.settings)
    unknown = sent.keys() - known.keys()
    if unknown:
        raise InvalidRequestError(message=f"No such setting: {', '.join(sorted(unknown))}")
    wanted = sent.get("after_last_retry", service.world.settings.after_last_retry)
    if wanted not in get_args(AfterLastRetry):
        message = f"after_last_retry must be one of {', '.join(get_args(AfterLastRetry))}"
        raise InvalidRequestError(message=message, param="after_last_retry")
    if "retry_after_days" in sent:
        sent = sent | {"retry_after_days": tuple(int(day) for day in sent["retry_after_days"])}
    service.world.settings = replace(service.world.settings, **sent)
    return asdict(service.world.settings)


def _number(sent: dict[str, Any], name: str, *, most: float, default: float | None = None) -> float:
    value = sent.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        message = f"{name} must be a number from 0 to {most}"
        raise InvalidRequestError(message=message, param=name)
    return float(value)


CONTROLS: tuple[tuple[str, str, Control], ...] = (
    ("POST", "/reset", reset),
    ("GET", "/clock", read_clock),
    ("POST", "/clock", advance_clock),
    ("GET", "/faults", read_faults),
    ("POST", "/faults", add_fault),
    ("DELETE", "/faults", clear_faults),
    ("GET", "/webhooks", read_webhooks),
    ("POST", "/webhooks", set_webhooks),
    ("POST", "/disputes", open_dispute),
    ("POST", "/misbill", misbill),
    ("GET", "/requests", list_requests),
    ("GET", "/events", list_events),
    ("POST", "/settings", change_settings),
)


def control_routes(service: Service) -> list[Route]:
    return [
        Route(f"/_sandbox{path}", _endpoint(service, control), methods=[method])
        for method, path, control in CONTROLS
    ]


def _endpoint(service: Service, control: Control) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            sent = await _body(request)
            return JSONResponse(await control(service, sent))
        except StripeError as error:
            return JSONResponse(error.body(), status_code=error.status)

    return answer


async def _body(request: Request) -> dict[str, Any]:
    raw = await request.body()
    if not raw:
        return {}
    try:
        sent = await request.json()
    except ValueError as error:
        raise InvalidRequestError(message="The body must be JSON.") from error
    if not isinstance(sent, dict):
        raise InvalidRequestError(message="The body must be a JSON object.")
    return sent
