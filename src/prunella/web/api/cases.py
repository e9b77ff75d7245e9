"""Cases: what people work on."""

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request

from prunella import cases
from prunella.actions import Approvals
from prunella.cases import Filter, Opened, Page
from prunella.people import Customer
from prunella.web.api.case_bodies import CaseBody, CaseChange, MessageBody, Wanted, WantedQuery
from prunella.web.api.case_shapes import case_of, listed, message_json, shown, shown_new
from prunella.web.api.cursors import must_be_of_cases
from prunella.web.api.once import OptionalKey, once
from prunella.web.errors import ForbiddenError
from prunella.web.visits import Call, call

router = APIRouter(prefix="/v1/cases", tags=["cases"])


@router.post("", status_code=201)
async def open_one(request: Request, body: CaseBody, key: OptionalKey) -> dict[str, Any]:
    """Open a case, each time: only an Idempotency-Key that comes again gives the same one."""
    async with call(request) as here:
        customer = await here.customer(body.customer)
        here.must_be_able_to_ask()
        if here.own and body.is_for_staff:
            raise ForbiddenError
        opened: Opened | None = None

        async def do() -> dict[str, Any]:
            nonlocal opened
            opened = await _open(here, customer, body)
            return {"id": opened.case.id}

        known = await once(here, key, body.model_dump(mode="json"), do)
        if opened and opened.begun:
            return await shown_new(here, opened, opened.begun, customer)
        return await shown(
            here, opened.case if opened else await case_of(here, known["id"]), customer
        )


async def _open(here: Call, customer: Customer, body: CaseBody) -> Opened:
    diagnosis = await here.site.rooms.diagnostics.of(here.tx, customer)
    async with here.tx.together():
        return await cases.begin_case(
            here.tx,
            customer,
            subject=body.subject,
            text=body.text,
            because="asked",
            severity=body.severity,
            kind=body.kind,
            channel=body.channel,
            tags=body.tags,
            on_behalf=body.on_behalf,
            apart=True,
            attachments=[one.to_file() for one in body.attachments],
            diagnosis=diagnosis.to_json(),
        )


@router.get("")
async def list_them(request: Request, wanted: WantedQuery) -> dict[str, Any]:
    """List cases, the newest first: a customer's own, for staff everybody's.

    With `q`, for staff, those that these words stand in, and the best first.
    """
    async with call(request) as here:
        ref = wanted.customer or (here.own.id if here.own else None)
        owner = (await here.customer(ref)).id if ref else None
        asked = wanted.to_filter(owner)
        if here.own:
            asked = wanted.of_their_own(here.own.id)
        page = await _page(here, wanted, asked)
        return {"data": await listed(here, page.data), "next_cursor": page.next_cursor}


async def _page(here: Call, wanted: Wanted, asked: Filter) -> Page:
    searched = bool(wanted.q) and not here.own
    must_be_of_cases(asked, wanted.cursor, searched=searched)
    place: dict[str, Any] = {"after": wanted.cursor, "limit": wanted.limit}
    if here.own or not (wanted.q or wanted.decides):
        return await cases.inbox(here.tx, asked, **place)
    among: list[str] | None = None
    if wanted.decides:
        least = await Approvals(here.site.rooms.door).deciders(here.tx)
        among = [case for case, role in least.items() if role == wanted.decides]
    if among is not None and not wanted.q:
        return await cases.inbox_among(here.tx, among, asked, **place)
    page = await cases.search(here.tx, wanted.q, filters=asked, **place)
    if among is None:
        return page
    return replace(page, data=[case for case in page.data if case.id in among])


@router.get("/{case}")
async def show(request: Request, case: str) -> dict[str, Any]:
    async with call(request) as here:
        return await shown(here, await case_of(here, case))


@router.patch("/{case}")
async def change(request: Request, case: str, body: CaseChange) -> dict[str, Any]:
    """Change what is named; all of it, or nothing where one thing cannot be done."""
    async with call(request) as here:
        found = await case_of(here, case)
        here.must_be_able_to_work()
        await cases.change(here.tx, found, body.to_change())
        return await shown(here, await case_of(here, case))


@router.post("/{case}/messages", status_code=201)
async def add_message(
    request: Request, case: str, body: MessageBody, key: OptionalKey
) -> dict[str, Any]:
    """Say something. A customer's word on a closed case opens one that follows it."""
    async with call(request) as here:
        found = await case_of(here, case)
        here.must_be_able_to_ask()
        files = [one.to_file() for one in body.attachments]

        async def do() -> dict[str, Any]:
            if here.actor.kind != "staff":
                said = await found.add_message(here.tx, body.text, cc=body.cc, attachments=files)
            elif body.note:
                said = await found.note(here.tx, body.text, attachments=files)
            else:
                said = await found.reply(
                    here.tx,
                    body.text,
                    cc=body.cc,
                    attachments=files,
                    status=body.status,
                    root_cause=body.root_cause,
                )
            hanging = await cases.attachments_of(here.tx, [said.id])
            return message_json(here, said, hanging.get(said.id, ()))

        return await once(here, key, {"case": case} | body.model_dump(mode="json"), do)
