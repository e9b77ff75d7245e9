"""Mail for people to see: what came in and where it is, what goes out and how far it is."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import cases
from prunella.cases.mail import Letterbox
from prunella.web.downloads import disposition
from prunella.web.errors import NotFoundError
from prunella.web.forms import shift_with_form
from prunella.web.looking import note_look
from prunella.web.pages.desk import saying_of
from prunella.web.pages.entry import see
from prunella.web.pages.staff import DESK
from prunella.web.views.post import STATES_IN, STATES_OUT, went_out
from prunella.web.views.post import came_in as shown
from prunella.web.visits import Shift, shift

router = APIRouter(prefix=DESK)
IN, OUT = f"{DESK}/mail", f"{DESK}/outbox"
MAX_SHOWN = 50_000


@router.get("/mail")
async def came_in(request: Request, state: str = "aside") -> Response:
    """What came in last; first of all what nobody could read."""
    async with shift(request) as here:
        state = state if state in STATES_IN else STATES_IN[0]
        found = await cases.mail.came_in(here.tx, state=None if state == "all" else state)
        saying = saying_of(here)
        context: dict[str, object] = {"mails": shown(found, saying), "state": state}
        context |= {"states": STATES_IN, "saying": saying, "shift": here}
        return here.site.pages.page("post-in.html", context)


@router.get("/mail/{mail}")
async def show(request: Request, mail: str) -> Response:
    """Show a mail as text, as far as it is any; that somebody looked is in the audit log."""
    async with shift(request) as here:
        found = await cases.mail.find_mail(here.tx, mail)
        if found is None:
            raise NotFoundError
        raw = await _looked_into(here, found)
        [row] = shown([found], saying_of(here))
        words = cases.mail.guessed(raw or b"", most=MAX_SHOWN)
        context = {"mail": found, "row": row, "words": words, "shift": here}
        return here.site.pages.page("post-mail.html", context)


@router.post("/mail/{mail}/settlement")
async def settle(request: Request, mail: str) -> Response:
    """Nothing is to be done about a mail that is aside. One of two who press it was first."""
    async with shift_with_form(request) as (here, _):
        if await cases.mail.find_mail(here.tx, mail) is None:
            raise NotFoundError
        await cases.mail.settle_by_hand(here.tx, mail, case=None)
    return see(IN)


@router.post("/mail/{mail}/again")
async def take_again(request: Request, mail: str) -> Response:
    """Let a mail be taken again, or as a case whoever wrote it."""
    async with shift_with_form(request) as (here, fields):
        await cases.mail.try_again(here.tx, mail, as_case=bool(fields.get("as_case")))
    return see(IN)


@router.get("/mail/{mail}/raw")
async def raw(request: Request, mail: str) -> Response:
    """Hand out a mail as it came, as a download."""
    async with shift(request) as here:
        known = await cases.mail.find_mail(here.tx, mail)
        found = await _looked_into(here, known) if known else None
    if found is None:
        raise NotFoundError
    headers = {"content-disposition": disposition(f"{mail}.eml")}
    return Response(found, media_type="application/octet-stream", headers=headers)


@router.get("/mail/messages/{message}/formatted")
async def formatted(request: Request, message: str) -> Response:
    """Show a mail as it was formatted, made safe, on a page that may run and load nothing."""
    async with shift(request) as here:
        html = await cases.mail.html_of(here.tx, message)
        said = await cases.get_message(here.tx, message) if html else None
        if said is None:
            raise NotFoundError
        await note_look(here.tx, said.customer, because="mail", seen=message)
    return Response(html, media_type="text/html; charset=utf-8")


@router.get("/outbox")
async def outbox(request: Request, state: str = "failed") -> Response:
    """What goes out, and how far it is; first of all what did not arrive."""
    async with shift(request) as here:
        return await _outbox(here, state)


@router.post("/outbox/{message}/again")
async def send_again(request: Request, message: str) -> Response:
    """Try a mail again that did not arrive, under its own Message-ID."""
    async with shift_with_form(request) as (here, _):
        try:
            await cases.send_again(here.tx, message)
        except LookupError:
            raise NotFoundError from None
        except (cases.NotFailedError, cases.BadRecipientError) as problem:
            return await _outbox(here, "failed", problem=str(problem.__doc__))
    return see(OUT)


async def _looked_into(here: Shift, mail: Letterbox) -> bytes | None:
    """Return the mail as it came; one that has a case is a look at its customer as well."""
    case = await cases.get_case(here.tx, mail.case_id) if mail.case_id else None
    if case:
        await note_look(here.tx, case.customer, because="mail", seen=mail.id)
    return await cases.mail.look_into(here.tx, mail.id)


async def _outbox(here: Shift, state: str, *, problem: str = "") -> Response:
    state = state if state in STATES_OUT else "failed"
    found = await cases.outbox(here.tx, states=STATES_OUT[state])
    saying = saying_of(here)
    context: dict[str, object] = {"mails": went_out(found, saying), "problem": problem}
    context |= {"state": state, "states": list(STATES_OUT), "saying": saying, "shift": here}
    status = HTTPStatus.CONFLICT if problem else HTTPStatus.OK
    return here.site.pages.page("post-out.html", context, status=status)
