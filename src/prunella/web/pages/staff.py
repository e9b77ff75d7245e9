"""Staff sign in with a token, and out again."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella.people import sessions, tokens
from prunella.web.cookies import put, secret_in, take_away
from prunella.web.forms import read_form, shift_with_form
from prunella.web.pages.entry import see
from prunella.web.site import site_of
from prunella.web.visits import DOOR

router = APIRouter()

DESK = "/desk"


@router.get("/sign-in")
async def form(request: Request) -> Response:
    return site_of(request).pages.page("sign-in.html", {"wrong": False})


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    site = site_of(request)
    settings = site.rooms.settings
    fields = await read_form(request)
    admin = settings.admin_token.get_secret_value() if settings.admin_token else None
    async with site.rooms.house.transaction(DOOR) as tx:
        token = fields.get("token", "").strip()
        actor = await tokens.of_bearer(tx, token, admin_token=admin)
        if actor is None or actor.kind != "staff":
            return site.pages.page("sign-in.html", {"wrong": True}, status=401)
        secret = await sessions.open_for_staff(tx, actor)
    response = see(DESK)
    put(response, settings, kind="staff", secret=secret)
    return response


@router.post("/desk/sign-out")
async def sign_out(request: Request) -> Response:
    settings = site_of(request).rooms.settings
    async with shift_with_form(request) as (here, _):
        await sessions.end(here.tx, secret_in(request, settings, "staff"))
    response = see("/sign-in")
    take_away(response, settings, kind="staff")
    return response
