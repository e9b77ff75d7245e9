"""A customer's talk with a person."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import cases, people
from prunella.cases import Case, EmptyTextError
from prunella.web.errors import NotFoundError
from prunella.web.fixing import escalate
from prunella.web.forms import visit_with_form
from prunella.web.pages.entry import HOME, see
from prunella.web.pages.meter import saying_for
from prunella.web.views.talk import customers_talk
from prunella.web.visits import Visit, visit

router = APIRouter(prefix=HOME)


@router.post("/person")
async def ask(request: Request) -> Response:
    """Open a case with what we know, or add to the open one about the same matter."""
    async with visit_with_form(request) as (here, fields):
        text = fields.get("say", "")
        asked = await escalate(here.site, here.tx, here.customer, about="", text=text)
    return see(f"{HOME}/cases/{asked.case}")


@router.get("/cases/{case}")
async def show(request: Request, case: str) -> Response:
    async with visit(request) as here:
        found = await _own(here, case)
        said = await cases.messages_of(here.tx, found)
        talk = customers_talk(found, said, saying_for(here))
        return here.site.pages.page("case.html", {"talk": talk, "visit": here})


@router.post("/cases/{case}/messages")
async def add(request: Request, case: str) -> Response:
    async with visit_with_form(request) as (here, fields):
        found = await _own(here, case)
        try:
            await found.add_message(here.tx, fields.get("say", ""))
        except EmptyTextError:
            return see(f"{HOME}/cases/{case}#say")
    return see(f"{HOME}/cases/{case}#last")


async def _own(here: Visit, case_id: str) -> Case:
    case = await cases.get_case(here.tx, case_id)
    names = await people.names_of_account(here.tx, here.customer.id)
    if case is None or case.customer not in names:
        raise NotFoundError
    return case
