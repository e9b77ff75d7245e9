"""What nobody tries any more until a person has looked: seen, tried again, or let be. For staff."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import StringConstraints

from prunella.web import operations
from prunella.web.api.bodies import Body
from prunella.web.api.once import OptionalKey, once
from prunella.web.operations import MAX_NAME, Kind, Settle, Stuck, stuck
from prunella.web.rendering import iso
from prunella.web.visits import call

router = APIRouter(prefix="/v1/stopped", tags=["stopped"])
Name = Annotated[str, StringConstraints(min_length=1, max_length=MAX_NAME)]


class StoppedBody(Body):
    """One of the list, by its `kind` and its `id`."""

    kind: Kind
    id: Name


@router.get("")
async def listed(request: Request) -> dict[str, Any]:
    """Return what failed to the end: Stripe's webhooks, deliveries of events, timers and jobs.

    The newest 50 of each. Mails that failed are in `/v1/outbox` and `/v1/mail`.
    """
    async with call(request) as here:
        here.must_be_staff()
        return {"data": _listed(await stuck(here.tx)), "next_cursor": None}


@router.post("/retries")
async def try_again(request: Request, body: StoppedBody, key: OptionalKey) -> dict[str, Any]:
    """Try it again from the beginning, with all its tries."""
    return await _do(request, body, key, what=operations.try_again, becomes="waiting")


@router.post("/settlements")
async def let_be(request: Request, body: StoppedBody, key: OptionalKey) -> dict[str, Any]:
    """Nothing is to be done about it. For leads and admins."""
    return await _do(request, body, key, what=operations.let_be, becomes="done")


async def _do(
    request: Request, body: StoppedBody, key: OptionalKey, *, what: Settle, becomes: str
) -> dict[str, Any]:
    async with call(request) as here:
        here.must_be_able_to_work()

        async def do() -> dict[str, Any]:
            await what(here.tx, body.kind, body.id)
            return body.model_dump() | {"state": becomes}

        return await once(here, key, {"becomes": becomes} | body.model_dump(), do)


def _listed(found: Stuck) -> list[dict[str, Any]]:
    webhooks = [
        {
            "kind": "webhook",
            "id": one.event_id,
            "name": one.type,
            "about": one.object_id,
            "error": one.reason,
            "attempts": one.attempts,
            "at": iso(one.received_at),
        }
        for one in found.asides
    ]
    others = (("delivery", found.deliveries), ("timer", found.timers), ("job", found.jobs))
    return webhooks + [_one(kind, row) for kind, rows in others for row in rows]


def _one(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    """A job's error stands in the worker's log alone."""
    return {
        "kind": kind,
        "id": row["id"],
        "name": row["name"],
        "about": row.get("subject"),
        "error": row.get("error"),
        "attempts": row["attempts"],
        "at": iso(row["at"]) or None,
    }
