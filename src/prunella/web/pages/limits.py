"""The limits in words with today's use, and the one switch that stops everything automatic."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import actions
from prunella.actions import brake
from prunella.people import staff
from prunella.web.errors import BadRequestError
from prunella.web.forms import shift_with_form
from prunella.web.pages.desk import saying_of
from prunella.web.pages.entry import see
from prunella.web.pages.staff import DESK
from prunella.web.views.limits import limits_shown
from prunella.web.visits import Shift, shift

router = APIRouter(prefix=DESK)

LIMITS = f"{DESK}/limits"


@router.get("/limits")
async def show(request: Request, said: str = "") -> Response:
    async with shift(request) as here:
        limits = here.site.rooms.door.policy.limits
        page = limits_shown(limits, await brake.used_today(here.tx), saying_of(here))
        context = {"page": page, "refused": said == "not_yours", "shift": here}
        context |= {"stopped": await _stopped(here)}
        return here.site.pages.page("limits.html", context)


async def _stopped(here: Shift) -> str:
    """Since when it stands still, and by whom."""
    pulled = here.standing.brake
    if pulled is None:
        return ""
    saying, by = saying_of(here), pulled.stopped_by
    names = await staff.names(here.tx)
    known = saying.say("page.approval.staff", name=names.get(by.id, by.id), role=by.role)
    return saying.say("page.limits.stopped_by", at=saying.until(pulled.stopped_at), by=known)


@router.post("/brake")
async def pull(request: Request) -> Response:
    """Stop everything automatic, or let it go on."""
    async with shift_with_form(request) as (here, fields):
        verbs = {"stop": brake.stop, "resume": brake.resume}
        verb = verbs.get(fields.get("as", ""))
        if verb is None:
            raise BadRequestError
        try:
            await verb(here.tx, because=fields.get("because", ""))
        except actions.NotYourBrakeError:
            return see(f"{LIMITS}?said=not_yours")
    return see(LIMITS)
