"""A customer's side of their cases: what they asked, what happens next, writing, files."""

import re
from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import cases, people
from prunella.cases import (
    AttachmentError,
    Case,
    EmptyTextError,
    File,
    FileTooLargeError,
    Message,
)
from prunella.cases.attachments import safe_name
from prunella.kit.ids import new_id
from prunella.web.errors import NotFoundError
from prunella.web.fixing import escalate
from prunella.web.forms import Fields, visit_with_files, visit_with_form
from prunella.web.pages.entry import HOME, see
from prunella.web.pages.meter import saying_for
from prunella.web.questions import next_answers, questions_of
from prunella.web.views.talk import customers_talk
from prunella.web.visits import Visit, visit

router = APIRouter(prefix=HOME)
LISTED = 50
KEY = re.compile(r"ask_[0-9a-z]{1,40}")
UNPROCESSABLE = 422


@router.post("/person")
async def ask(request: Request) -> Response:
    """Open a case with what we know, or add to the open one about the same matter."""
    async with visit_with_form(request) as (here, fields):
        text = fields.get("say", "")
        asked = await escalate(here.site, here.tx, here.customer, about="", text=text)
    return see(f"{HOME}/cases/{asked.case}")


@router.get("/cases")
async def show_all(request: Request) -> Response:
    async with visit(request) as here:
        return await _list(here)


@router.post("/cases")
async def ask_anew(request: Request) -> Response:
    """Ask about something of its own. The same form sent twice is one question."""
    fields: Fields = {}
    try:
        async with visit_with_files(request) as (here, fields, files):
            text = _words(here, fields, files)
            asked = await here.site.rooms.router.person(
                here.tx,
                here.customer,
                about=_key(fields.get("key", "")),
                subject=fields.get("subject", ""),
                text=text,
            )
            said = await cases.messages_of(here.tx, asked)
            await _attach(here, said[-1].id, files)
    except (EmptyTextError, AttachmentError) as error:
        async with visit(request) as here:
            return await _list(here, problem=error, kept=fields)
    return see(f"{HOME}/cases/{asked.id}")


@router.get("/cases/{case}")
async def show(request: Request, case: str) -> Response:
    async with visit(request, case=case) as here:
        return await _talk(here, case)


@router.get("/cases/{case}/messages")
@router.get("/cases/{case}/settlement")
@router.get("/cases/{case}/reopening")
async def back_to_talk(request: Request, case: str) -> Response:
    """A phone that opens its pages again asks for where a form went."""
    async with visit(request, case=case) as here:
        await _own(here, case)
    return see(f"{HOME}/cases/{case}")


@router.post("/cases/{case}/messages")
async def add(request: Request, case: str) -> Response:
    """Write, attach, or both. The same words sent twice are said once."""
    fields: Fields = {}
    try:
        async with visit_with_files(request, case=case) as (here, fields, files):
            found = await _own(here, case)
            if here.customer.guest and found.status == "closed":
                return see("/contact")
            said = await _say(here, found, _words(here, fields, files))
            await _attach(here, said.id, files)
    except (EmptyTextError, AttachmentError) as error:
        async with visit(request, case=case) as here:
            return await _talk(here, case, problem=error, kept=fields)
    goes_on = case if said.case_id == found.id else said.case_id
    return see(f"{HOME}/cases/{goes_on}#last")


@router.post("/cases/{case}/settlement")
async def settle(request: Request, case: str) -> Response:
    """They say that it is solved."""
    async with visit_with_form(request, case=case) as (here, _):
        found = await _own(here, case)
        if found.status != "closed":
            await found.confirm(here.tx)
    return see(f"{HOME}/cases/{case}")


@router.post("/cases/{case}/reopening")
async def reopen(request: Request, case: str) -> Response:
    """They say that it is not; a word about it is welcome, and not needed."""
    async with visit_with_form(request, case=case) as (here, fields):
        found = await _own(here, case)
        if fields.get("say", "").strip():
            await found.add_message(here.tx, fields["say"])
        else:
            await found.reopen(here.tx)
    return see(f"{HOME}/cases/{case}")


async def _own(here: Visit, case_id: str) -> Case:
    """Return their case; where it was merged, the one that goes on with it."""
    case = await cases.get_case(here.tx, case_id)
    names = await people.names_of_account(here.tx, here.customer.id)
    if case is None or case.customer not in names:
        raise NotFoundError
    after = await cases.get_case(here.tx, case.merged_into) if case.merged_into else None
    return after or case


async def _say(here: Visit, case: Case, text: str) -> Message:
    said = [one for one in await cases.messages_of(here.tx, case) if one.direction != "note"]
    if said and said[-1].direction == "in" and said[-1].text == text.strip():
        return said[-1]
    return await case.add_message(here.tx, text)


async def _attach(here: Visit, message: str, files: Sequence[File]) -> None:
    """Attach what does not hang there already: a form may be sent twice."""
    there = (await cases.attachments_of(here.tx, [message])).get(message, [])
    known = {(one.name, one.size) for one in there}
    fresh = [one for one in files if (safe_name(one.name), len(one.data)) not in known]
    await cases.attach(here.tx, message, fresh)


def _words(here: Visit, fields: Fields, files: Sequence[File]) -> str:
    text = fields.get("say", "")
    if not text.strip() and not files:
        raise EmptyTextError
    return text.strip() or here.words.say("page.talk.only_file")


async def _talk(
    here: Visit, page: str, *, problem: Exception | None = None, kept: Fields | None = None
) -> Response:
    case = await _own(here, page)
    said = await cases.messages_of(here.tx, case)
    clocks = (await cases.clocks_of(here.tx, [case.id])).get(case.id)
    talk = customers_talk(
        case,
        said,
        saying_for(here),
        next_answer_at=(await next_answers(here, [case]))[case.id],
        solved_by=clocks.resolution_due_at if clocks else None,
        files=await cases.attachments_of(here.tx, [one.id for one in said]),
        is_guests=here.customer.guest,
    )
    context = {"talk": talk, "page": page, "visit": here}
    context |= {"kept": kept or {}, "note": _note(here, problem)}
    status = UNPROCESSABLE if problem else 200
    return here.site.pages.page("case.html", context, status=status)


async def _list(
    here: Visit, *, problem: Exception | None = None, kept: Fields | None = None
) -> Response:
    told = await questions_of(here, LISTED)
    promise = await cases.promised_at(here.tx, here.customer)
    context = {"askings": told, "visit": here, "kept": kept or {}, "note": _note(here, problem)}
    context |= {"key": new_id("ask"), "promise": saying_for(here).until(promise)}
    status = UNPROCESSABLE if problem else 200
    return here.site.pages.page("cases.html", context, status=status)


def _note(here: Visit, problem: Exception | None) -> str:
    match problem:
        case None:
            return ""
        case FileTooLargeError():
            return here.words.say("page.talk.file_too_large")
        case AttachmentError():
            return here.words.say("page.talk.files_too_many")
    return here.words.say("page.talk.empty")


def _key(key: str) -> str:
    """Return what the form carries so that it counts once; a made-up one is no harm."""
    return key if KEY.fullmatch(key) else new_id("ask")
