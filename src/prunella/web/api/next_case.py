"""The next case for whoever asks for work."""

from typing import Any

from fastapi import APIRouter, Request, Response

from prunella import cases
from prunella.web.api.case_shapes import shown
from prunella.web.errors import ForbiddenError
from prunella.web.visits import call

router = APIRouter(prefix="/v1/cases", tags=["cases"])


@router.post(
    "/next", response_model=None, responses={204: {"description": "Nothing waits for them."}}
)
async def take_next(request: Request) -> dict[str, Any] | Response:
    """Give the caller the most pressing case of their teams that nobody has; 204 where none is."""
    async with call(request) as here:
        here.must_be_staff()
        if here.actor.kind != "staff":
            raise ForbiddenError
        here.must_be_able_to_act()
        case = await cases.assign_next(here.tx, here.actor.id)
        return await shown(here, case) if case else Response(status_code=204)
