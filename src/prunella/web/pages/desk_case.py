"""One case at the desk: the page, who else is on it, and the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from prunella import cases, people
from prunella.cases import Case, EmptyTextError, File, Status, notify
from prunella.web import presence
from prunella.web.errors import BadRequestError
from prunella.web.forms import Fields, is_first, shift_with_files, shift_with_form
from prunella.web.looking import note_look
from prunella.web.pages.approvals import DECIDED
from prunella.web.pages.desk import FIRST_VIEW, saying_of
from prunella.web.pages.desk_page import OBSTACLES, back_to, case_of, case_page
from prunella.web.pages.entry import see
from prunella.web.pages.staff import DESK
from prunella.web.views.desk_case import Draft, here_in_words
from prunella.web.views.desk_thread import last_said
from prunella.web.visits import Shift, shift

router = APIRouter(prefix=f"{DESK}/cases/{{case}}")

UNUSABLE = 422
BECOMES: Mapping[str, Status] = {"answer": "pending", "solve": "solved", "keep": "open"}
NOTE = "note"
_STAYS = {NOTE, "keep"}
"""After these one goes on here; after others with the next case."""


@router.get("")
async def show(
    request: Request,
    case: str,
    *,
    view: str = FIRST_VIEW,
    after: str | None = None,
    macro: str = "",
    said: str = "",
    asked: str = "",
) -> Response:
    async with shift(request) as here:
        found = await case_of(here, case)
        await note_look(here.tx, found.customer, because="case", seen=found.id)
        await presence.note(here.tx, found.id, doing="looking")
        draft = Draft(macro=macro, decided=said if said in DECIDED else "", gave=asked)
        reading = await _reading(here, found)
        return await case_page(reading, found, view=view, after=after, draft=draft)


@router.post("/messages")
async def answer(request: Request, case: str) -> Response:
    """Answer the customer; as a note it stays among us; with `solve` the case is settled.

    Which of them has to be said: what does not say so never reaches the customer.
    """
    async with shift_with_files(request) as (here, fields, files):
        found = await case_of(here, case)
        if fields.get("as") not in {*BECOMES, NOTE}:
            raise BadRequestError
        if fields["as"] != NOTE and await _is_behind(here, found, fields.get("seen")):
            return await _again(here, found, fields, "BehindError", status=HTTPStatus.CONFLICT)
        try:
            async with here.tx.conn.transaction():
                if await is_first(here, fields):
                    await _say(here, found, fields, files)
        except EmptyTextError:
            return see(f"{back_to(case, fields)}#reply")
        except tuple(OBSTACLES.values()) as problem:
            return await _again(here, found, fields, type(problem).__name__, status=UNUSABLE)
        await presence.note(here.tx, found.id, doing="looking")
    return see(f"{back_to(case, fields)}#{'last' if fields['as'] in _STAYS else 'next'}")


@router.post("/here")
async def be_here(request: Request, case: str) -> JSONResponse:
    """The open page says what its person does, and hears who else is on the case."""
    async with shift_with_form(request) as (here, fields):
        found = await case_of(here, case)
        doing = next((one for one in presence.DOINGS if one == fields.get("doing")), None)
        if doing is None:
            await presence.leave(here.tx, found.id)
        else:
            await presence.note(here.tx, found.id, doing=doing)
        present = await presence.others(here.tx, found.id)
        known = await people.colleagues_by_id(here.tx, [one.person for one in present])
        return JSONResponse({"here": here_in_words(present, known, saying_of(here))})


async def _reading(here: Shift, case: Case) -> Shift:
    """What they were told of this case they have read now."""
    if not await notify.read_notices(here.tx, case=case.id):
        return here
    return replace(here, unread=await notify.unread(here.tx))


async def _say(here: Shift, case: Case, fields: Fields, files: Sequence[File]) -> None:
    text = fields.get("reply", "")
    if fields["as"] == NOTE:
        await case.note(here.tx, text, attachments=files)
        return
    await case.reply(
        here.tx,
        text,
        cc=[one.strip() for one in fields.get("cc", "").split(",") if one.strip()],
        attachments=files,
        status=BECOMES[fields["as"]],
        root_cause=fields.get("root_cause", ""),
    )


async def _is_behind(here: Shift, case: Case, seen: str | None) -> bool:
    """Whether somebody else wrote after what this person had read when they answered."""
    said = await cases.messages_of(here.tx, case)
    others = [one for one in said if one.author_id != here.tx.actor.id]
    return seen is not None and last_said(others) > seen


async def _again(here: Shift, case: Case, fields: Fields, problem: str, *, status: int) -> Response:
    """Show the case as it is now, with what was written still in its field."""
    text, is_note = fields.get("reply", ""), fields["as"] == NOTE
    draft = Draft(
        reply="" if is_note else text,
        note=text if is_note else "",
        cc=fields.get("cc", ""),
        problem=problem,
    )
    view = fields.get("view", FIRST_VIEW)
    return await case_page(here, case, view=view, draft=draft, status=status)
