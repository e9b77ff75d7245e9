"""What concerns the colleague who looks, and how they want to be told."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import people
from prunella.cases import notify
from prunella.cases.notify import KINDS, Wish
from prunella.people import staff
from prunella.web.forms import shift_with_form
from prunella.web.pages.desk import saying_of
from prunella.web.pages.entry import see
from prunella.web.pages.staff import DESK
from prunella.web.visits import shift

TOLD = f"{DESK}/notifications"

router = APIRouter(prefix=TOLD)


@router.get("")
async def show(request: Request, after: str | None = None, said: str = "") -> Response:
    async with shift(request) as here:
        page = await notify.notices_of(here.tx, after=after)
        actors = {one.actor for one in page.data if one.actor}
        context = {
            "notices": page.data,
            "next": page.next_cursor,
            "said": said == "kept",
            "wishes": await notify.wishes_of(here.tx, here.tx.actor.id),
            "has_mail": await staff.find(here.tx, here.tx.actor.id) is not None,
            "colleagues": await people.colleagues_by_id(here.tx, actors),
            "saying": saying_of(here),
            "shift": here,
        }
        return here.site.pages.page("desk-told.html", context)


@router.post("/read")
async def read_all(request: Request) -> Response:
    async with shift_with_form(request, own=True) as (here, _):
        await notify.read_notices(here.tx)
    return see(TOLD)


@router.post("/settings")
async def settings(request: Request) -> Response:
    async with shift_with_form(request, own=True) as (here, fields):
        wishes = {
            kind: Wish(shown=f"{kind}.page" in fields, mailed=f"{kind}.mail" in fields)
            for kind in KINDS
        }
        await notify.set_wishes(here.tx, wishes)
    return see(f"{TOLD}?said=kept#settings")
