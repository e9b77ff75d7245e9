"""A colleague asks for money back or a credit on a case: the same door as for programs."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import people
from prunella.actions import ActionRequest
from prunella.cases import Case
from prunella.kit.house import Tx
from prunella.people import Customer
from prunella.web.errors import NotFoundError, sentence_of
from prunella.web.forms import Fields, shift_with_form
from prunella.web.giving import (
    BadAmountError,
    NoReasonError,
    NothingLeftError,
    credit_asked,
    refund_asked,
)
from prunella.web.pages.desk import FIRST_VIEW
from prunella.web.pages.desk_page import case_of, case_page
from prunella.web.pages.entry import see
from prunella.web.pages.staff import DESK
from prunella.web.requesting import ask_at_desk
from prunella.web.views.desk_case import Draft
from prunella.web.visits import Shift

router = APIRouter(prefix=f"{DESK}/cases/{{case}}")

UNUSABLE = 422
Make = Callable[[Tx, Customer, Case, Fields], Awaitable[ActionRequest]]


@router.post("/refund")
async def refund(request: Request, case: str) -> Response:
    return await _ask(request, case, refund_asked)


@router.post("/credit")
async def credit(request: Request, case: str) -> Response:
    return await _ask(request, case, credit_asked)


async def _ask(request: Request, case: str, make: Make) -> Response:
    """Sent twice, it is asked once; what is not allowed is told beside what was typed."""
    async with shift_with_form(request) as (here, fields):
        found = await case_of(here, case)
        customer = await people.find_customer(here.tx, found.customer)
        if customer is None:
            raise NotFoundError
        try:
            asked = await make(here.tx, customer, found, fields)
        except (BadAmountError, NoReasonError, NothingLeftError) as problem:
            return await _again(request, here, found, fields, sentence_of(type(problem)))
        action, no = await ask_at_desk(here, customer, asked, fields)
        if no:
            return await _again(request, here, found, fields, no)
    where = urlencode({"view": fields.get("view") or FIRST_VIEW, "asked": action.id})
    return see(f"{DESK}/cases/{case}?{where}#asked")


async def _again(request: Request, here: Shift, case: Case, fields: Fields, told: str) -> Response:
    verb = request.url.path.rpartition("/")[2]
    draft = Draft(verb=verb, told=told, asked=fields)
    view = fields.get("view", FIRST_VIEW)
    return await case_page(here, case, view=view, draft=draft, status=UNUSABLE)
