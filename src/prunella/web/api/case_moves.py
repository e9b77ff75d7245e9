"""Cases that are merged, split, linked, or changed many at once; their history. For staff."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, Request

from prunella import cases
from prunella.cases import Case, LinkKind
from prunella.web.api.bodies import Id
from prunella.web.api.case_bodies import (
    EscalationBody,
    LinkBody,
    ManyBody,
    MergeBody,
    OwnerBody,
    SplitBody,
)
from prunella.web.api.case_shapes import case_of, links_json, shown, step_json
from prunella.web.api.once import OptionalKey, once
from prunella.web.errors import sentence_of
from prunella.web.looking import note_look
from prunella.web.visits import Call, call

router = APIRouter(prefix="/v1/cases", tags=["cases"])


@router.post("/bulk")
async def change_many(request: Request, body: ManyBody) -> dict[str, Any]:
    """Change many cases alike; one that cannot be changed stays whole and is `refused`."""
    async with call(request) as here:
        here.must_be_able_to_work()
        changed = await cases.change_many(here.tx, body.cases, body.change.to_change())
        refused = {one: sentence_of(type(error)) for one, error in changed.refused.items()}
        return {"done": list(changed.done), "refused": refused}


@router.get("/{case}/history")
async def history(request: Request, case: str) -> dict[str, Any]:
    """Tell who did what to it, the oldest first."""
    async with call(request) as here:
        found = await case_of(here, case)
        here.must_be_staff()
        await note_look(here.tx, found.customer, because="case", seen=found.id)
        steps = await cases.history_of(here.tx, found)
        return {"data": [step_json(one) for one in steps], "next_cursor": None}


@router.post("/{case}/merge")
async def merge(request: Request, case: str, body: MergeBody) -> dict[str, Any]:
    """Go on in another case of the same customer; the answer shows that one."""
    async with _work(request, case) as (here, found):
        other = await case_of(here, body.into)
        return await shown(here, await found.merge_into(here.tx, other))


@router.post("/{case}/split", status_code=201)
async def split(request: Request, case: str, body: SplitBody, key: OptionalKey) -> dict[str, Any]:
    """Make a case of its own of some messages; the answer shows it."""
    async with _work(request, case) as (here, found):

        async def do() -> dict[str, Any]:
            return {"id": (await found.split(here.tx, body.messages, subject=body.subject)).id}

        known = await once(here, key, {"case": case} | body.model_dump(), do)
        return await shown(here, await case_of(here, known["id"]))


@router.post("/{case}/links", status_code=201)
async def link(request: Request, case: str, body: LinkBody) -> dict[str, Any]:
    async with _work(request, case) as (here, found):
        other = await case_of(here, body.case)
        await found.link(here.tx, other, kind=body.kind)
        return {"data": await links_json(here, found), "next_cursor": None}


@router.delete("/{case}/links/{other}")
async def unlink(
    request: Request, case: str, other: Id, kind: LinkKind = "related"
) -> dict[str, Any]:
    async with _work(request, case) as (here, found):
        await found.unlink(here.tx, await case_of(here, other), kind=kind)
        return {"data": await links_json(here, found), "next_cursor": None}


@router.post("/{case}/escalation")
async def escalate(request: Request, case: str, body: EscalationBody) -> dict[str, Any]:
    """Move it to another level, and into the queue of that level's team."""
    async with _work(request, case) as (here, found):
        return await shown(here, await found.escalate(here.tx, to=body.to, because=body.because))


@router.post("/{case}/customer")
async def give(request: Request, case: str, body: OwnerBody) -> dict[str, Any]:
    """Give a guest's case to the customer who it was."""
    async with _work(request, case) as (here, found):
        return await shown(here, await found.move_to(here.tx, await here.customer(body.customer)))


@asynccontextmanager
async def _work(request: Request, case: str) -> AsyncIterator[tuple[Call, Case]]:
    async with call(request) as here:
        found = await case_of(here, case)
        here.must_be_able_to_work()
        yield here, found
