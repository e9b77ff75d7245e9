"""Staff sign in, with password and code or with a bare token, and out again."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella.kit.house import Tx
from prunella.people import sessions, tokens
from prunella.people.entrance import HalfGoneError, WrongSignInError
from prunella.people.sessions import Where
from prunella.people.throttle import TooManyTriesError
from prunella.people.totp import WrongCodeError
from prunella.web.callers import address_of
from prunella.web.cookies import put, secret_in, take_away
from prunella.web.forms import Fields, read_form, shift_with_form
from prunella.web.going_on import NEXT, page_of_staff
from prunella.web.pages.entry import see
from prunella.web.site import site_of
from prunella.web.visits import DOOR

router = APIRouter()

DESK = "/desk"


@router.get("/sign-in")
async def form(request: Request) -> Response:
    return _asked(request, wrong="", going_on=request.query_params.get(NEXT, ""))


@router.post("/sign-in")
async def with_token(request: Request) -> Response:
    """A bare token stands for a person; one of a member, or with narrower scopes, does not."""
    site = site_of(request)
    settings = site.rooms.settings
    fields = await read_form(request)
    admin = settings.admin_token.get_secret_value() if settings.admin_token else None
    async with site.rooms.house.transaction(DOOR) as tx:
        found = await tokens.holder(tx, fields.get("token", "").strip(), admin_token=admin)
        if found is None or not found.is_whole:
            return _asked(request, wrong="token", going_on=fields.get(NEXT, ""))
        await end_session(request, tx)
        secret = await sessions.open_for_staff(tx, found.actor, where_of(request))
    return come_in(request, secret, page_of_staff(fields.get(NEXT, "")))


@router.post("/sign-in/password")
async def with_password(request: Request) -> Response:
    """Ask for the code next: its page holds the half sign-in, which alone opens nothing."""
    fields = await read_form(request)
    entrance, where = site_of(request).entrance, where_of(request)
    going_on = fields.get(NEXT, "")
    try:
        half = await entrance.password(
            email=fields.get("email", ""), password=fields.get("password", ""), where=where
        )
    except WrongSignInError:
        return _asked(request, wrong="password", going_on=going_on)
    except TooManyTriesError as slow:
        context = {"wrong": "slow", "going_on": page_of_staff(going_on)}
        return _slowed(request, "sign-in.html", slow, context)
    return _code_asked(request, half, wrong="", going_on=going_on)


@router.post("/sign-in/code")
async def with_code(request: Request) -> Response:
    fields = await read_form(request)
    entrance, half = site_of(request).entrance, fields.get("half", "")
    going_on = fields.get(NEXT, "")
    try:
        secret = await entrance.code(
            half=half, code=fields.get("code", ""), where=where_of(request)
        )
    except HalfGoneError:
        return _asked(request, wrong="gone", going_on=going_on)
    except WrongCodeError:
        return _code_asked(request, half, wrong="code", going_on=going_on)
    except TooManyTriesError as slow:
        context = {"half": half, "wrong": "slow", "going_on": page_of_staff(going_on)}
        return _slowed(request, "sign-in-code.html", slow, context)
    async with site_of(request).rooms.house.transaction(DOOR) as tx:
        await end_session(request, tx)
    return come_in(request, secret, page_of_staff(going_on))


@router.post("/desk/sign-out")
async def sign_out(request: Request) -> Response:
    settings = site_of(request).rooms.settings
    async with shift_with_form(request, own=True) as (here, _):
        await sessions.end(here.tx, secret_in(request, settings, "staff"))
    response = see("/sign-in")
    take_away(response, settings, kind="staff")
    return response


def come_in(request: Request, secret: str, address: str = DESK) -> Response:
    """Go on with a session that is new: the browser's old one opens nothing any more."""
    response = see(address)
    put(response, site_of(request).rooms.settings, kind="staff", secret=secret)
    return response


async def end_session(request: Request, tx: Tx) -> None:
    """End the session that this browser had, so that nobody who planted it is let in with them."""
    await sessions.end(tx, secret_in(request, site_of(request).rooms.settings, "staff"))


def where_of(request: Request) -> Where:
    return Where(request.headers.get("user-agent", ""), address_of(request.scope))


async def confirmed(request: Request, member: str, fields: Fields) -> str:
    """Ask who sits there for their password; returns what is wrong with it, if anything."""
    entrance, where = site_of(request).entrance, where_of(request)
    try:
        await entrance.confirm(member=member, password=fields.get("password", ""), where=where)
    except WrongSignInError:
        return "password"
    except TooManyTriesError:
        return "slow"
    return ""


def _asked(request: Request, *, wrong: str, going_on: str) -> Response:
    context = {"wrong": wrong, "going_on": page_of_staff(going_on)}
    status = 401 if wrong else 200
    return site_of(request).pages.page("sign-in.html", context, status=status)


def _code_asked(request: Request, half: str, *, wrong: str, going_on: str) -> Response:
    context = {"half": half, "wrong": wrong, "going_on": page_of_staff(going_on)}
    status = 401 if wrong else 200
    return site_of(request).pages.page("sign-in-code.html", context, status=status)


def _slowed(
    request: Request, template: str, slow: TooManyTriesError, context: dict[str, str]
) -> Response:
    headers = {"retry-after": str(slow.wait_s)}
    return site_of(request).pages.page(template, context, status=429, headers=headers)
