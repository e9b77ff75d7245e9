"""Who looks after a customer."""

from typing import Any

from fastapi import APIRouter, Request

from prunella import people
from prunella.web.api.bodies import Body, Id
from prunella.web.api.staff import colleague_json
from prunella.web.visits import Call, call

router = APIRouter(prefix="/v1/customers/{customer}/csm", tags=["customers"])


class CsmBody(Body):
    colleague: Id | None


@router.get("")
async def csm(request: Request, customer: str) -> dict[str, Any]:
    async with call(request) as here:
        here.must_be_staff()
        return await _shown(here, (await here.customer(customer)).id)


@router.put("")
async def set_csm(request: Request, customer: str, body: CsmBody) -> dict[str, Any]:
    """Give the customer a colleague who looks after them, or with null nobody."""
    async with call(request) as here:
        here.must_be_staff()
        found = await here.customer(customer)
        await people.set_csm(here.tx, found.id, body.colleague)
        return await _shown(here, found.id)


async def _shown(here: Call, customer: str) -> dict[str, Any]:
    found = await people.csm_of(here.tx, customer)
    return {"csm": colleague_json(found) if found else None}
