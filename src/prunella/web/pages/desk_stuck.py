"""What nobody tries any more until a person has looked."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import mirror
from prunella.web.forms import shift_with_form
from prunella.web.operations import stuck
from prunella.web.pages.desk import saying_of
from prunella.web.pages.entry import see
from prunella.web.pages.staff import DESK
from prunella.web.visits import shift

router = APIRouter(prefix=f"{DESK}/stuck")


@router.get("")
async def stopped(request: Request) -> Response:
    async with shift(request) as here:
        found = await stuck(here.tx)
        context = {"stuck": found, "saying": saying_of(here), "shift": here}
        return here.site.pages.page("stuck.html", context)


@router.post("/events/{event}")
async def try_event_again(request: Request, event: str) -> Response:
    async with shift_with_form(request) as (here, _):
        await mirror.put_back(here.tx, event)
    return see(f"{DESK}/stuck")
