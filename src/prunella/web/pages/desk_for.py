"""For a customer: seeing their page as they do, and a case of what they said somewhere else."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import audit, cases, people
from prunella.cases import Channel, EmptyTextError, File
from prunella.cases.attachments import MAX_FILE_BYTES
from prunella.connectors.mail import is_address
from prunella.people import Customer
from prunella.web.errors import NotFoundError
from prunella.web.forms import Fields, is_first, shift_with_form
from prunella.web.pages.desk_page import SEVERITIES
from prunella.web.pages.desk_verbs import one_of
from prunella.web.pages.entry import see
from prunella.web.pages.meter import seen_by
from prunella.web.pages.staff import DESK
from prunella.web.visits import Shift, Visit, shift

router = APIRouter(prefix=DESK)

CHANNELS: tuple[Channel, ...] = ("phone", "mail", "web", "slack")
UNUSABLE = 422
MAX_SUBJECT = 200
MAX_SAID = 9_000


@router.get("/customers/{customer}/page")
async def as_they_see_it(request: Request, customer: str) -> Response:
    """Nothing on it can be pressed, and that somebody looked is in the audit log."""
    async with shift(request) as here:
        found = await people.find_customer(here.tx, customer)
        if found is None:
            raise NotFoundError
        await audit.record(here.tx, "customer.page_viewed", found.id, customer=found.id)
        session = replace(here.session, kind="customer", customer=found.id, csrf="")
        theirs = Visit(here.site, here.tx, session, found)
        says = here.site.pages.words.say
        told = {
            "banner": says("page.as.text", name=found.name),
            "back": says("page.as.back"),
            "back_to": f"{DESK}/customers/{found.id}",
        }
        rights = {"may_pay": True, "may_change": True}
        return here.site.pages.page("desk-as.html", await seen_by(theirs) | told | rights)


@router.get("/new")
async def form(request: Request, customer: str = "", mail: str = "") -> Response:
    """`mail` is one that nobody could read: what it may say stands in the fields."""
    async with shift(request) as here:
        here.must_be_able_to_write()
        fields = await _of_mail(here, mail) if mail else {"customer": customer}
        return _form(here, fields)


@router.post("/new")
async def open_it(request: Request) -> Response:
    async with shift_with_form(request) as (here, fields):
        mail = fields.get("mail", "")
        found = await _meant(here, fields.get("customer", ""), stranger=bool(mail))
        if found is None:
            return _form(here, fields, wrong="page.new.nobody")
        if not await is_first(here, fields):
            return see(f"{DESK}/customers/{found.id}")
        diagnosis = await here.site.rooms.diagnostics.of(here.tx, found)
        try:
            case = await cases.open_case(
                here.tx,
                found,
                subject=fields.get("subject", "").strip() or diagnosis.first.title,
                because="asked",
                text=fields.get("said", ""),
                severity=one_of(SEVERITIES, fields.get("severity")),
                channel=one_of(CHANNELS, fields.get("channel")),
                on_behalf=True,
                diagnosis=diagnosis.to_json(),
                attachments=await _original(here, mail),
            )
        except EmptyTextError:
            return _form(here, fields)
        if mail:
            await cases.mail.settle_by_hand(here.tx, mail, case=case)
    return see(f"{DESK}/cases/{case.id}")


async def _of_mail(here: Shift, mail: str) -> Fields:
    found = await cases.mail.find_mail(here.tx, mail)
    raw = await cases.mail.look_into(here.tx, mail)
    if found is None or raw is None:
        raise NotFoundError
    words = cases.mail.guessed(raw, most=MAX_SAID)
    known = {"mail": mail, "customer": found.sender or found.envelope_from or ""}
    return known | {"channel": "mail", "subject": words.subject[:MAX_SUBJECT], "said": words.text}


async def _original(here: Shift, mail: str) -> list[File]:
    """The mail as it came, beside what was made of it; one that is too large stays where it is."""
    raw = await cases.mail.raw_mail(here.tx, mail) if mail else None
    if not raw or len(raw) > MAX_FILE_BYTES:
        return []
    return [File(f"{mail}.eml", "message/rfc822", raw)]


async def _meant(here: Shift, asked: str, *, stranger: bool) -> Customer | None:
    """The one customer whom these words name; nobody where they name two.

    Whoever wrote a mail may be a `stranger`: then its address alone is enough.
    """
    ref = asked.strip()
    found = await people.find_customer(here.tx, ref) if ref else None
    if found:
        return found
    hits = await people.search(here.tx, ref, 2)
    if len(hits) == 1:
        return await people.find_customer(here.tx, hits[0].ref)
    if stranger and not hits and is_address(ref):
        return await people.guest(here.tx, email=ref)
    return None


def _form(here: Shift, fields: Fields, *, wrong: str = "") -> Response:
    context = {"fields": fields, "wrong": wrong, "shift": here}
    context |= {"severities": SEVERITIES, "channels": CHANNELS, "key": here.tx.new_id("form")}
    status = UNUSABLE if wrong else 200
    return here.site.pages.page("desk-new.html", context, status=status)
