"""A customer: what is wrong, and the remedies."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from pydantic import Field

from prunella import actions
from prunella.people import Customer
from prunella.web.api.bodies import Body as Strict
from prunella.web.api.bodies import Id, Line
from prunella.web.api.once import RequiredKey, once
from prunella.web.errors import NotFoundError
from prunella.web.fixing import PERSON, Progress, begin, follow
from prunella.web.freshness import read_again
from prunella.web.visits import Call, call

router = APIRouter(prefix="/v1/customers/{customer}", tags=["customers"])


class FixBody(Strict):
    """What the fix is aimed at, as its offer says; left out, the first offer of that name."""

    target: Id | None = None
    choice: Annotated[dict[Id, Line], Field(max_length=20, default_factory=dict)]


@router.get("/diagnosis")
async def diagnosis(request: Request, customer: str, *, fresh: bool = False) -> dict[str, Any]:
    """Answer from what we know; with `fresh`, after reading the customer at Stripe again."""
    if fresh:
        async with call(request) as here:
            known = await here.customer(customer)
        await read_again(here.site, known)
    async with call(request) as here:
        known = await here.customer(customer)
        return (await here.site.rooms.diagnostics.of(here.tx, known, here.words)).to_json()


@router.get("/fixes")
async def fixes(request: Request, customer: str) -> dict[str, Any]:
    async with call(request) as here:
        known = await here.customer(customer)
        found = await here.site.rooms.diagnostics.of(here.tx, known, here.words)
        return {"fixes": [offer.to_json() for offer in found.offers]}


@router.post("/fixes/{fix}")
async def do_fix(
    request: Request,
    customer: str,
    fix: str,
    key: RequiredKey,
    body: Annotated[FixBody | None, Body()] = None,
) -> dict[str, Any]:
    """Do it, and wait some seconds for how it ends."""
    target, choice = (body.target, body.choice) if body else (None, {})
    async with call(request) as here:
        known = await here.customer(customer)
        if fix == PERSON:
            here.must_be_able_to_ask()
        else:
            here.must_be_able_to_act()
        begun = await _begun(here, known, fix=fix, target=target, choice=choice, key=key)
    done = await follow(here.site, here.actor, known, begun)
    if done.status != "escalated" or done.action is None:
        return done.to_json()
    async with call(request) as here:
        decided = await actions.get(here.tx, done.action)
        return done.to_json() | {"case": decided.case if decided else None}


async def _begun(
    here: Call,
    customer: Customer,
    *,
    fix: str,
    target: str | None,
    choice: dict[str, str],
    key: str,
) -> Progress:
    async def do() -> dict[str, Any]:
        aim = target if target is not None else await _first_target(here, customer, fix)
        begun = begin(here.site, here.tx, customer, fix=fix, target=aim, choice=choice)
        return (await begun).to_json()

    what = {"customer": customer.id, "fix": fix, "target": target, "choice": choice}
    return Progress.from_json(await once(here, key, what, do))


async def _first_target(here: Call, customer: Customer, fix: str) -> str:
    found = await here.site.rooms.diagnostics.of(here.tx, customer)
    offered = next((offer for offer in found.offers if offer.name == fix), None)
    if offered is None:
        raise NotFoundError(f"No fix called {fix} is offered right now.")  # noqa: EM102, TRY003 names what was asked
    return offered.target or ""
