"""Cases: what people work on."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from prunella import cases, people
from prunella.cases import OPEN, Case, Level, Message, Severity, Status
from prunella.web.api.bodies import Body, Id, Line, Text
from prunella.web.api.once import OptionalKey, once
from prunella.web.api.sla import sla_of
from prunella.web.errors import NotFoundError
from prunella.web.looking import note_look
from prunella.web.rendering import iso
from prunella.web.views.talk import without_links
from prunella.web.visits import Call, call

router = APIRouter(prefix="/v1/cases", tags=["cases"])


class CaseBody(Body):
    customer: Id
    subject: Line
    text: Text
    severity: Severity = "medium"


class CaseChange(Body):
    status: Status | None = None
    severity: Severity | None = None
    level: Level | None = None


class MessageBody(Body):
    """Staff answer the customer with it; as a `note` it stays among us."""

    text: Text
    note: bool = False


@router.post("", status_code=201)
async def open_one(request: Request, body: CaseBody, key: OptionalKey) -> dict[str, Any]:
    async with call(request) as here:
        customer = await here.customer(body.customer)
        here.must_be_able_to_ask()

        async def do() -> dict[str, Any]:
            diagnosis = await here.site.rooms.diagnostics.of(here.tx, customer)
            case = await cases.open_case(
                here.tx,
                customer,
                subject=body.subject,
                text=body.text,
                because="asked",
                severity=body.severity,
                diagnosis=diagnosis.to_json(),
            )
            return {"id": case.id}

        known = await once(here, key, body.model_dump(), do)
        return await _shown(here, await _case(here, known["id"]))


@router.get("")
async def list_them(
    request: Request,
    customer: str | None = None,
    status: Annotated[list[Status] | None, Query()] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> dict[str, Any]:
    """List cases, the newest first: a customer's own, for staff everybody's."""
    async with call(request) as here:
        ref = customer or (here.own.id if here.own else None)
        owner = await here.customer(ref) if ref else None
        page = await cases.list_cases(
            here.tx,
            statuses=status or OPEN,
            customer=owner.id if owner else None,
            after=cursor,
            limit=limit,
        )
        addresses = await _addresses(here, page.data)
        deadlines = await sla_of(here, page.data)
        data = [
            _json(case) | {"customer": addresses[case.customer], "sla": deadlines[case.id]}
            for case in page.data
        ]
        return {"data": data, "next_cursor": page.next_cursor}


@router.get("/{case}")
async def show(request: Request, case: str) -> dict[str, Any]:
    async with call(request) as here:
        return await _shown(here, await _case(here, case))


@router.patch("/{case}")
async def change(request: Request, case: str, body: CaseChange) -> dict[str, Any]:
    async with call(request) as here:
        found = await _case(here, case)
        here.must_be_staff()
        here.must_be_able_to_act()
        await found.set(here.tx, status=body.status, severity=body.severity)
        if body.level:
            await found.escalate(here.tx, to=body.level, because="asked")
        return await _shown(here, await _case(here, case))


@router.post("/{case}/messages", status_code=201)
async def add_message(
    request: Request, case: str, body: MessageBody, key: OptionalKey
) -> dict[str, Any]:
    async with call(request) as here:
        found = await _case(here, case)
        here.must_be_able_to_ask()

        async def do() -> dict[str, Any]:
            answers = here.actor.kind == "staff" and not body.note
            say = found.reply if answers else found.add_message
            return _message(here, await say(here.tx, body.text))

        return await once(here, key, {"case": case} | body.model_dump(), do)


async def _case(here: Call, case_id: str) -> Case:
    case = await cases.get_case(here.tx, case_id)
    if case is None or (here.own and here.own.id != case.customer):
        raise NotFoundError
    return case


async def _shown(here: Call, case: Case) -> dict[str, Any]:
    await note_look(here.tx, case.customer)
    said = await cases.messages_of(here.tx, case)
    shown = [_message(here, one) for one in said if here.own is None or one.direction != "note"]
    customer = (await _addresses(here, [case]))[case.customer]
    known = {"context": case.context} if here.own is None else {}
    deadlines = (await sla_of(here, [case]))[case.id]
    return _json(case) | {"customer": customer, "sla": deadlines, "messages": shown, **known}


async def _addresses(here: Call, found: list[Case]) -> dict[str, str]:
    """What the API calls these customers; a page of cases has few different ones."""
    ids = {case.customer for case in found}
    known = {one: await people.find_customer(here.tx, one) for one in ids}
    return {one: customer.address if customer else one for one, customer in known.items()}


def _json(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "number": case.number,
        "subject": case.subject,
        "text": case.text,
        "about": case.about or None,
        "because": case.because,
        "status": case.status,
        "severity": case.severity,
        "level": case.level,
        "opened_at": iso(case.opened_at),
        "solved_at": iso(case.solved_at) or None,
    }


def _message(here: Call, message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "direction": message.direction,
        "author": message.author_kind,
        "text": without_links(message.text, here.site.rooms.words),
        "created_at": iso(message.created_at),
    }
