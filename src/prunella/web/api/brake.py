"""The one switch that stops everything automatic, and whether it is pulled."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import StringConstraints

from prunella.actions import brake
from prunella.web.api.bodies import Body
from prunella.web.rendering import iso
from prunella.web.visits import Call, call

router = APIRouter(prefix="/v1/brake", tags=["actions"])


class BrakeBody(Body):
    """`stopped`: whether everything automatic is to wait for a person."""

    stopped: bool
    because: Annotated[str, StringConstraints(max_length=brake.MAX_BECAUSE)] = ""


@router.get("")
async def show(request: Request) -> dict[str, Any]:
    """Tell whether automatic actions stand still, since when, by whom, and how many wait."""
    async with call(request) as here:
        here.must_be_staff()
        return await _shown(here)


@router.put("")
async def switch(request: Request, body: BrakeBody) -> dict[str, Any]:
    """Stop everything automatic, or let it go on. What stands so already stays as it is.

    Everybody who acts here may stop; a lead or an admin lets it go on.
    """
    async with call(request) as here:
        here.must_be_staff()
        verb = brake.stop if body.stopped else brake.resume
        await verb(here.tx, because=body.because)
        return await _shown(here)


async def _shown(here: Call) -> dict[str, Any]:
    standing = await brake.standing(here.tx)
    pulled = standing.brake
    return {
        "stopped": pulled is not None,
        "stopped_at": iso(pulled.stopped_at) if pulled else None,
        "stopped_by": str(pulled.stopped_by) if pulled else None,
        "because": pulled.because if pulled else None,
        "used_up_at": iso(standing.used_up_at) or None,
        "waiting": standing.waiting,
    }
