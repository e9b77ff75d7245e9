"""`/contact`: writing to us without an account. It answers nobody but whoever reads the address.

What keeps it from serving others: the form's own signed token, older than a moment; so many
messages from a network and for an address; and an answer that repeats nothing of what was typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import cases, people
from prunella.connectors.mail import is_public
from prunella.kit.clock import system_now
from prunella.kit.house import Tx
from prunella.kit.ids import new_id
from prunella.people import Customer, links, throttle
from prunella.people.links import BadLinkError
from prunella.people.throttle import Pace, TooManyTriesError
from prunella.web.callers import address_of
from prunella.web.forms import Fields, read_form
from prunella.web.pages.entry import see
from prunella.web.rendering import Pages, of_reader
from prunella.web.site import Site, site_of
from prunella.web.views.saying import Saying
from prunella.web.visits import DOOR

router = APIRouter(prefix="/contact")

PURPOSE = "form"
TOO_QUICK = timedelta(seconds=2)
"""Nobody reads and fills in a form in less."""
MAX_NAME = 100
FOR_AN_ADDRESS = Pace(at_once=5, each=timedelta(hours=3))
AN_HOUR_S = 3600
NOT_KNOWN, LOOK_AGAIN, TOO_MANY = 401, 422, 429


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody filled in; `trap` is a field that people do not see."""

    form: str
    email: str
    name: str
    text: str
    trap: str

    @classmethod
    def of(cls, fields: Fields) -> "Written":
        given = {name: fields.get(name, "").strip() for name in ("email", "name", "say")}
        return cls(
            form=fields.get("form", ""),
            email=given["email"],
            name=given["name"][:MAX_NAME],
            text=given["say"],
            trap=fields.get("website", ""),
        )

    @property
    def shown(self) -> Mapping[str, str]:
        return {"email": self.email, "name": self.name, "say": self.text}


@router.get("")
async def show(request: Request) -> Response:
    return await _form(request)


@router.post("")
async def write(request: Request) -> Response:
    """Keep what was written. Whether the address is known to us shows nowhere."""
    written = Written.of(await read_form(request))
    if not is_public(written.email):
        return await _form(request, written, note="address", status=LOOK_AGAIN)
    if not written.text:
        return await _form(request, written, note="empty", status=LOOK_AGAIN)
    try:
        await _keep(request, written)
    except BadLinkError:
        return await _form(request, written, note="again", status=LOOK_AGAIN)
    except TooManyTriesError as error:
        wait = {"retry-after": str(error.wait_s)}
        return await _form(request, written, note="too_many", status=TOO_MANY, headers=wait)
    return see("/contact/sent")


@router.get("/sent")
async def sent(request: Request) -> Response:
    site, pages = _reader(request)
    async with site.rooms.house.transaction(DOOR) as tx:
        promise = await _promise(tx, pages)
    return pages.show("contact-sent.html", {"promise": promise})


async def newcomer(request: Request, account: str) -> Response:
    """Who the product signed in, with an account that is new to us, writes to a person at once."""
    return await _form(request, note="new_account", status=NOT_KNOWN, account=account)


async def _keep(request: Request, written: Written) -> None:
    site, pages = _reader(request)
    async with site.rooms.house.transaction(DOOR) as tx:
        form = await links.read(tx, written.form)
        if form.purpose != PURPOSE or system_now() - form.issued_at < TOO_QUICK:
            raise BadLinkError
        await _count(tx, site, request, written.email)
        await site.rooms.strangers.hear(
            tx,
            email=written.email,
            name=written.name,
            text=_told(written.text, form.customer, pages),
            about=form.subject,
            locale=pages.language,
            spam=bool(written.trap),
        )


def _told(text: str, account: str, pages: Pages) -> str:
    """Beside their words, by which name the product signed them in: they need not say it."""
    if not account:
        return text
    return f"{text}\n\n{pages.words.say('page.contact.came_as', account=account)}"


async def _count(tx: Tx, site: Site, request: Request, email: str) -> None:
    """So many from one network, so many for one address. Raises TooManyTriesError."""
    an_hour = site.rooms.settings.rate_contact
    if not an_hour:
        return
    from_network = Pace(at_once=max(1, round(an_hour)), each=timedelta(seconds=AN_HOUR_S / an_hour))
    await throttle.count(tx, f"contact from {address_of(request.scope)}", from_network)
    await throttle.count(tx, f"contact as {email.lower()}", FOR_AN_ADDRESS)


async def _form(
    request: Request,
    written: Written | None = None,
    *,
    note: str = "",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    account: str = "",
) -> Response:
    site, pages = _reader(request)
    async with site.rooms.house.transaction(DOOR) as tx:
        form = written.form if written and note in {"address", "empty"} else ""
        form = form or await links.make(
            tx, customer=account, purpose=PURPOSE, subject=new_id("ask")
        )
        promise = await _promise(tx, pages)
    kept = written.shown if written else {"email": "", "name": "", "say": ""}
    context = {"form": form, "kept": kept, "note": note, "promise": promise}
    return pages.show("contact.html", context, status=status, headers=headers)


async def _promise(tx: Tx, pages: Pages) -> dict[str, str]:
    """By when somebody without an account gets an answer, in the company's own time."""
    zone = await people.home_zone(tx)
    nobody = Customer(
        id="",
        stripe_customer=None,
        name="",
        email=None,
        country=None,
        time_zone=zone,
        locale="",
        plan="free",
        guest=True,
    )
    by = await cases.promised_at(tx, nobody)
    saying = Saying(words=pages.words.in_zone(zone), now=tx.now)
    return {"by": saying.day_and_time(by), "zone": saying.zone()}


def _reader(request: Request) -> tuple[Site, Pages]:
    site = site_of(request)
    return site, of_reader(site.pages, request)
