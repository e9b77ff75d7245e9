"""How a customer comes in: from the product with a token, from a mail with a signed link."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from prunella import people
from prunella.people import customer_jwt, links, sessions
from prunella.people.customer_jwt import UnknownCustomerError
from prunella.people.links import BadLinkError
from prunella.tiers.selfheal.forward import PURPOSE
from prunella.web.cookies import put, secret_in, take_away
from prunella.web.forms import visit_with_form
from prunella.web.newcomers import meet
from prunella.web.site import Site, site_of
from prunella.web.visits import DOOR

router = APIRouter()

HOME = "/billing"
CASE_PREFIX = "case_"


@router.get("/")
async def front(request: Request) -> Response:
    settings = site_of(request).rooms.settings
    return see("/desk" if secret_in(request, settings, "staff") else HOME)


@router.get("/l/{token}")
async def from_mail(request: Request, token: str) -> Response:
    """Open a session and nothing else: programs that check mails follow links, too."""
    site = site_of(request)
    async with site.rooms.house.transaction(DOOR) as tx:
        link = await links.read(tx, token)
        if link.purpose == PURPOSE or await people.find_customer(tx, link.customer) is None:
            raise BadLinkError
        secret = await sessions.open_for_customer(
            tx, link.actor, purpose="mail", subject=link.subject
        )
    about_case = link.subject.startswith(CASE_PREFIX)
    return _come_in(site, secret, to=f"{HOME}/cases/{link.subject}" if about_case else HOME)


@router.post("/sign-out")
async def leave(request: Request) -> Response:
    settings = site_of(request).rooms.settings
    async with visit_with_form(request) as (here, _):
        await sessions.end(here.tx, secret_in(request, settings, "customer"))
    response = see(HOME)
    take_away(response, settings, kind="customer")
    return response


async def from_product(request: Request, token: str) -> Response:
    """Exchange the product's token for a session, and take it out of the address."""
    site = site_of(request)
    try:
        secret = await _exchange(site, token)
    except UnknownCustomerError as unknown:
        if not await meet(site, unknown.customer):
            raise
        secret = await _exchange(site, token)
    return _come_in(site, secret)


async def _exchange(site: Site, token: str) -> str:
    secrets = [secret.get_secret_value() for secret in site.rooms.settings.customer_jwt_secret]
    async with site.rooms.house.transaction(DOOR) as tx:
        signed_in = await customer_jwt.sign_in(tx, token, secrets=secrets)
        return await sessions.open_for_customer(tx, signed_in.actor, person=signed_in.person)


def see(address: str) -> RedirectResponse:
    """Go on with GET, so that a reload sends nothing again."""
    return RedirectResponse(address, 303)


def _come_in(site: Site, secret: str, *, to: str = HOME) -> Response:
    response = see(to)
    put(response, site.rooms.settings, kind="customer", secret=secret)
    return response
