"""What was done in the customer's name."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import actions
from prunella.web.pages.entry import HOME
from prunella.web.pages.meter import saying_for
from prunella.web.views.deeds import deeds_told
from prunella.web.visits import visit

router = APIRouter(prefix=HOME)

MOST = 100


@router.get("/actions")
async def show(request: Request) -> Response:
    async with visit(request) as here:
        found = await actions.of_customer(here.tx, here.customer.id, limit=MOST)
        saying = saying_for(here)
        policy = here.site.rooms.door.policy
        deeds = deeds_told(found, policy, saying, company=saying.say("company.name"))
        return here.site.pages.page("deeds.html", {"deeds": deeds, "visit": here})
