"""The desk: cases, one case with everything known, and what got stuck."""

from typing import get_args

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import actions, cases, mirror, people
from prunella.cases import OPEN, Case, EmptyTextError, Status
from prunella.people.zones import HOME_ZONE
from prunella.web.errors import BadRequestError, NotFoundError
from prunella.web.forms import shift_with_form
from prunella.web.looking import note_look
from prunella.web.operations import stuck
from prunella.web.pages.entry import see
from prunella.web.pages.staff import DESK
from prunella.web.views.desk import case_rows, desk_case
from prunella.web.views.saying import Saying
from prunella.web.visits import Shift, shift

router = APIRouter(prefix=DESK)

PAGE = 50
ACTIONS_SHOWN = 20
VIEWS: dict[str, tuple[Status, ...]] = {
    "open": OPEN,
    "waiting": ("pending", "on_hold"),
    "settled": ("solved", "closed"),
}


@router.get("")
async def inbox(request: Request, view: str = "open", after: str | None = None) -> Response:
    if view not in VIEWS:
        raise NotFoundError
    async with shift(request) as here:
        page = await cases.list_cases(here.tx, statuses=VIEWS[view], after=after, limit=PAGE)
        names = await people.names_of(here.tx, [case.customer for case in page.data])
        rows = case_rows(page.data, names, saying_of(here))
        context = {"rows": rows, "view": view, "views": VIEWS, "next": page.next_cursor}
        return here.site.pages.page("desk.html", context | {"shift": here})


@router.get("/stuck")
async def stopped(request: Request) -> Response:
    """What nobody tries any more until a person has looked."""
    async with shift(request) as here:
        found = await stuck(here.tx)
        context = {"stuck": found, "saying": saying_of(here), "shift": here}
        return here.site.pages.page("stuck.html", context)


@router.post("/stuck/events/{event}")
async def try_event_again(request: Request, event: str) -> Response:
    async with shift_with_form(request) as (here, _):
        await mirror.put_back(here.tx, event)
    return see(f"{DESK}/stuck")


@router.get("/cases/{case}")
async def show(request: Request, case: str) -> Response:
    async with shift(request) as here:
        found = await _case(here, case)
        customer = await people.find_customer(here.tx, found.customer)
        if customer is None:
            raise NotFoundError
        await note_look(here.tx, customer.id)
        page = desk_case(
            case=found,
            customer=customer,
            messages=await cases.messages_of(here.tx, found),
            done=await actions.of_customer(here.tx, found.customer, limit=ACTIONS_SHOWN),
            now=await here.site.rooms.diagnostics.of(here.tx, customer),
            saying=saying_of(here),
        )
        context = {"page": page, "statuses": STATUSES, "shift": here}
        return here.site.pages.page("desk-case.html", context)


@router.post("/cases/{case}/messages")
async def answer(request: Request, case: str) -> Response:
    """Answer the customer; as a note it stays among us; with `solve` the case is settled."""
    async with shift_with_form(request) as (here, fields):
        found = await _case(here, case)
        say = found.add_message if fields.get("as") == "note" else found.answer
        try:
            await say(here.tx, fields.get("reply", ""))
        except EmptyTextError:
            return see(f"{DESK}/cases/{case}#reply")
        if fields.get("as") == "solve":
            await found.set(here.tx, status="solved")
    return see(f"{DESK}/cases/{case}#last")


@router.post("/cases/{case}/status")
async def set_status(request: Request, case: str) -> Response:
    async with shift_with_form(request) as (here, fields):
        status = next((one for one in STATUSES if one == fields.get("status")), None)
        if status is None:
            raise BadRequestError
        await (await _case(here, case)).set(here.tx, status=status)
    return see(f"{DESK}/cases/{case}")


STATUSES: tuple[Status, ...] = get_args(Status)


def saying_of(here: Shift) -> Saying:
    """The desk's times are the company's."""
    rooms = here.site.rooms
    return Saying(words=rooms.words.in_zone(HOME_ZONE), now=here.tx.now)


async def _case(here: Shift, case_id: str) -> Case:
    case = await cases.get_case(here.tx, case_id)
    if case is None:
        raise NotFoundError
    return case
