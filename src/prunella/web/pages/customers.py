"""A customer at the desk: facts, rules, findings, and everything that happened."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import actions, cases, people
from prunella.diagnostics import explain
from prunella.tiers.prevent import plans_of
from prunella.web.errors import NotFoundError
from prunella.web.forms import shift_with_form
from prunella.web.looking import note_look
from prunella.web.pages.desk import ACTIONS_SHOWN, saying_of
from prunella.web.pages.desk_given import doable_for
from prunella.web.pages.entry import see
from prunella.web.pages.staff import DESK
from prunella.web.views.customer import desk_customer
from prunella.web.visits import shift

router = APIRouter(prefix=f"{DESK}/customers")


@router.post("/{customer}/csm")
async def set_csm(request: Request, customer: str) -> Response:
    """Say who looks after them."""
    async with shift_with_form(request) as (here, fields):
        found = await people.find_customer(here.tx, customer)
        if found is None:
            raise NotFoundError
        await people.set_csm(here.tx, found.id, fields.get("csm") or None)
    return see(f"{DESK}/customers/{found.address}")


@router.get("/{customer}")
async def show(request: Request, customer: str) -> Response:
    async with shift(request) as here:
        found = await people.find_customer(here.tx, customer)
        if found is None:
            raise NotFoundError
        await note_look(here.tx, found.id, because="account")
        done = await actions.of_customer(here.tx, found.id, limit=ACTIONS_SHOWN)
        diagnostics = here.site.rooms.diagnostics
        facts = await diagnostics.gather(here.tx, found)
        page = desk_customer(
            customer=found,
            explained=explain(facts, diagnostics.words, diagnostics.possible),
            plans=await plans_of(here.tx, found.id),
            done=[(action, await actions.steps(here.tx, action.id)) for action in done],
            cases=await cases.cases_of(here.tx, found.id),
            contacts=await cases.contacts_of(here.tx, found.id),
            letters=await cases.letters_of(here.tx, found.id),
            saying=saying_of(here),
        )
        whose = {
            "csm": await people.csm_of(here.tx, found.id),
            "colleagues": await people.colleagues(here.tx),
            "address": found.address,
            "doable": doable_for(here, found, facts),
        }
        return here.site.pages.page("desk-customer.html", {"page": page, "shift": here, **whose})
