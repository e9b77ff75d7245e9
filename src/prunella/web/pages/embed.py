"""What the company puts into its own product: the meter in a frame, and the light."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, JSONResponse, Response

from prunella.people import customer_jwt, sessions
from prunella.people.customer_jwt import UnknownCustomerError
from prunella.web.cookies import put_partitioned, secret_in
from prunella.web.embed import Frame, home_of, listed, read_look, store
from prunella.web.errors import NotFoundError
from prunella.web.newcomers import meet
from prunella.web.pages.entry import see
from prunella.web.rendering import STATIC_DIR, of_reader
from prunella.web.site import Site, site_of
from prunella.web.visits import DOOR, call

router = APIRouter(prefix="/embed")

AN_HOUR = {"cache-control": "public, max-age=3600"}
FOR_EVERYONE = {"cross-origin-resource-policy": "cross-origin", **AN_HOUR}


@router.get("/billing")
async def enter(request: Request, token: str | None = None, again: str | None = None) -> Response:
    """Exchange the product's token for a cookie of this frame, then make sure that it was kept."""
    if token is None:
        return await _after_exchange(request, again or "")
    site, frame = site_of(request), _frame(request)
    try:
        secret = await _exchange(site, token, frame)
    except UnknownCustomerError as unknown:
        if not await meet(site, unknown.customer):
            raise
        secret = await _exchange(site, token, frame)
    response = see(f"/embed/billing?again={quote(token, safe='')}")
    put_partitioned(response, site.rooms.settings, secret=secret)
    return response


async def _exchange(site: Site, token: str, frame: Frame) -> str:
    secrets = [secret.get_secret_value() for secret in site.rooms.settings.customer_jwt_secret]
    async with site.rooms.house.transaction(DOOR) as tx:
        signed_in = await customer_jwt.sign_in(tx, token, secrets=secrets)
        secret = await sessions.open_for_customer(
            tx, signed_in.actor, person=signed_in.person, purpose="embed"
        )
        await store.add(tx, secret, frame)
    return secret


@router.get("/look.css")
async def sheet(request: Request) -> Response:
    css = read_look(request.query_params).css
    return Response(css, media_type="text/css", headers=AN_HOUR)


@router.get("/light.js")
async def light() -> Response:
    path = STATIC_DIR / "light.js"
    return FileResponse(path, media_type="text/javascript", headers=FOR_EVERYONE)


@router.get("/status", tags=["customers"])
async def status(request: Request) -> Response:
    """How things are, in one word and one sentence: for the light, and nothing beyond it."""
    async with call(request) as here:
        if here.own is None:
            raise NotFoundError
        words = here.site.pages.in_language_of(here.own.locale).words
        diagnosis = await here.site.rooms.diagnostics.of(here.tx, here.own, words)
    told = {"status": diagnosis.status, "title": diagnosis.first.title}
    return JSONResponse({**told, "count": len(diagnosis.problems)})


async def _after_exchange(request: Request, token: str) -> Response:
    """Where the browser keeps no cookie in a frame, the page opens in a window of its own."""
    site = site_of(request)
    secret = secret_in(request, site.rooms.settings, "embed")
    async with site.rooms.house.transaction(DOOR) as tx:
        kept = await sessions.find(tx, secret) and await store.of_session(tx, secret)
    if kept:
        return see("/embed/billing")
    address = f"/billing?token={quote(token, safe='')}"
    context = {"address": address, "frame": None, "framed": True}
    return of_reader(site.pages, request).show("apart.html", context)


def _frame(request: Request) -> Frame:
    """The page around the frame, by its own word or the browser's; else the first origin's."""
    origins = listed(site_of(request).rooms.settings)
    look = read_look(request.query_params)
    asked = request.query_params.get("return", "")
    homes = [home_of(asked, origins), home_of(request.headers.get("referer", ""), origins)]
    refused = [*look.refused, *(["return"] if asked and not homes[0] else [])]
    home = next((one for one in (*homes, *origins) if one), "")
    return Frame(home=home, look=look, refused=", ".join(refused))
