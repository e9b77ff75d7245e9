"""What waits for a person, longest first: the approval queue."""

from typing import Any

from fastapi import APIRouter, Request

from prunella import people
from prunella.actions import Approvals, Waiting
from prunella.web.api.actions import action_json
from prunella.web.rendering import iso
from prunella.web.visits import call

router = APIRouter(prefix="/v1/approvals", tags=["actions"])


@router.get("")
async def list_them(request: Request) -> dict[str, Any]:
    """List what waits, with who asked and the least role that may decide it.

    By the facts that were last shown; decide with `POST /v1/actions/{action}/approval`.
    """
    async with call(request) as here:
        here.must_be_staff()
        found = await Approvals(here.site.rooms.door).waiting(here.tx)
        customers = sorted({one.action.customer for one in found})
        addresses = await people.addresses_of(here.tx, customers)
        waiting = [_waiting(one, addresses[one.action.customer]) for one in found]
        return {"data": waiting, "next_cursor": None}


def _waiting(one: Waiting, customer: str) -> dict[str, Any]:
    return action_json(one.action) | {
        "customer": customer,
        "requested_by": str(one.action.requested_by),
        "role": one.role,
        "asked_at": iso(one.asked_at),
        "lapses_at": iso(one.lapses_at),
    }
