"""Webhook endpoints: programs of the company that are told what happens here."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from prunella.tiers.desk import hooks
from prunella.tiers.desk.hooks import EVENTS, Delivery, Endpoint
from prunella.web.api.bodies import Body
from prunella.web.api.cursors import Cursor, Limit, must_be_id
from prunella.web.api.once import OptionalKey, once
from prunella.web.errors import ForbiddenError, NotFoundError
from prunella.web.rendering import iso
from prunella.web.visits import Call, call

router = APIRouter(prefix="/v1/webhook-endpoints", tags=["hooks"])

MAX_URL = 2_000
Url = Annotated[str, Field(min_length=1, max_length=MAX_URL)]
Event = Literal[EVENTS]  # type: ignore[valid-type]  # the names of a table


class EndpointBody(Body):
    """`events`: what it wants to hear of; all there are, where none is named."""

    url: Url
    events: Annotated[list[Event], Field(max_length=len(EVENTS))] = Field(default_factory=list)


class EndpointChange(Body):
    """`on`: false stops the telling, true begins it again."""

    url: Url | None = None
    events: Annotated[list[Event], Field(min_length=1, max_length=len(EVENTS))] | None = None
    on: bool | None = None


@router.get("")
async def list_them(request: Request) -> dict[str, Any]:
    async with call(request) as here:
        _must_be_admin(here)
        found = await hooks.listed(here.tx)
        return {"data": [_json(one) for one in found], "next_cursor": None}


@router.post("", status_code=201)
async def add(request: Request, body: EndpointBody, key: OptionalKey) -> dict[str, Any]:
    """Add one. Its `secret`, which signs what it is told, is in this answer and in no other."""
    secret = None
    async with call(request) as here:
        _must_be_admin(here)

        async def do() -> dict[str, Any]:
            nonlocal secret
            endpoint, secret = await hooks.add(
                here.tx, url=body.url, events=body.events or EVENTS, private=_private(here)
            )
            return {"id": endpoint.id}

        known = await once(here, key, body.model_dump(), do)
        return _json(await _endpoint(here, known["id"])) | {"secret": secret}


@router.get("/{endpoint}")
async def show(request: Request, endpoint: str) -> dict[str, Any]:
    async with call(request) as here:
        return _json(await _endpoint(here, endpoint))


@router.patch("/{endpoint}")
async def change(request: Request, endpoint: str, body: EndpointChange) -> dict[str, Any]:
    async with call(request) as here:
        found = await _endpoint(here, endpoint)
        changed = await hooks.change(
            here.tx,
            found,
            url=body.url,
            events=body.events,
            on=body.on,
            private=_private(here),
        )
        return _json(changed)


@router.delete("/{endpoint}", status_code=204)
async def remove(request: Request, endpoint: str) -> Response:
    """Tell it nothing more, for good; its log can be asked for no longer."""
    async with call(request) as here:
        await hooks.remove(here.tx, await _endpoint(here, endpoint))
        return Response(status_code=204)


@router.post("/{endpoint}/test", status_code=202)
async def send_test(request: Request, endpoint: str, key: OptionalKey) -> dict[str, Any]:
    """Tell it a `hook.test`, signed and logged as everything else. 409 while it is not told."""
    async with call(request) as here:
        found = await _endpoint(here, endpoint)

        async def do() -> dict[str, Any]:
            return {"id": (await hooks.send_test(here.tx, found)).id}

        known = await once(here, key, {"endpoint": endpoint}, do)
        told = await hooks.delivery(here.tx, found.id, known["id"])
        if told is None:
            raise NotFoundError
        return _told(told)


@router.post("/{endpoint}/secret")
async def change_secret(request: Request, endpoint: str) -> dict[str, Any]:
    """Make another secret. The one before signs beside it, until this is called again."""
    async with call(request) as here:
        found = await _endpoint(here, endpoint)
        secret = await hooks.change_secret(here.tx, found)
        return _json(found) | {"secret": secret}


@router.get("/{endpoint}/deliveries")
async def deliveries(
    request: Request,
    endpoint: str,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """List what it was told, the newest first, with every try; kept for 30 days."""
    async with call(request) as here:
        found = await _endpoint(here, endpoint)
        must_be_id(cursor, "whk")
        told = await hooks.deliveries(here.tx, found.id, after=cursor, limit=limit + 1)
        shown = told[:limit]
        next_cursor = shown[-1].id if len(told) > limit else None
        return {"data": [_told(one) for one in shown], "next_cursor": next_cursor}


@router.post("/{endpoint}/deliveries/{delivery}/again", status_code=202)
async def send_again(request: Request, endpoint: str, delivery: str) -> dict[str, Any]:
    """Tell it once more, under the same `webhook-id`. What waits already is left as it is."""
    async with call(request) as here:
        found = await _endpoint(here, endpoint)
        told = await hooks.send_again(here.tx, found.id, delivery)
        if told is None:
            raise NotFoundError
        return _told(told)


def _must_be_admin(here: Call) -> None:
    here.must_be_staff()
    if here.actor.role != "admin":
        raise ForbiddenError


def _private(here: Call) -> bool:
    return here.site.rooms.settings.hooks_private


async def _endpoint(here: Call, name: str) -> Endpoint:
    _must_be_admin(here)
    found = await hooks.find(here.tx, name)
    if found is None:
        raise NotFoundError
    return found


def _json(endpoint: Endpoint) -> dict[str, Any]:
    words = {"id": endpoint.id, "url": endpoint.url, "events": list(endpoint.events)}
    times = {"failing_since": iso(endpoint.failing_since) or None}
    return {**words, "state": endpoint.state, **times, "created_at": iso(endpoint.created_at)}


def _told(one: Delivery) -> dict[str, Any]:
    named = {"id": one.id, "event": one.event, "subject": one.subject, "state": one.state}
    tries = [{**asdict(tried), "at": iso(tried.at)} for tried in one.tries]
    next_at = iso(one.next_at) if one.state == "waiting" else None
    return {**named, "created_at": iso(one.created_at), "next_at": next_at, "tries": tries}
