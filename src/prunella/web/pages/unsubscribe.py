"""Ending letters by the link in them: one click (RFC 8058), no signing in, and back again."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import cases
from prunella.web.rendering import of_reader
from prunella.web.site import site_of
from prunella.web.visits import DOOR

router = APIRouter(prefix="/unsubscribe")
NO_STORE = {"Cache-Control": "no-store"}


@router.get("/{secret}")
async def show(request: Request, secret: str) -> Response:
    """Show the choice and change nothing: programs that check mails follow links, too."""
    async with site_of(request).rooms.house.transaction(DOOR) as tx:
        choice = await cases.choice_of(tx, secret)
    return _page(request, choice, secret)


@router.post("/{secret}")
async def end(request: Request, secret: str) -> Response:
    """End the letters. A mail program sends this by itself, with no cookie and from nowhere."""
    return await _choose(request, secret, wanted=False)


@router.post("/{secret}/again")
async def begin_again(request: Request, secret: str) -> Response:
    return await _choose(request, secret, wanted=True)


async def _choose(request: Request, secret: str, *, wanted: bool) -> Response:
    async with site_of(request).rooms.house.transaction(DOOR) as tx:
        choice = await cases.choose(tx, secret, wanted=wanted)
    return _page(request, choice, secret)


def _page(request: Request, choice: cases.Choice, secret: str) -> Response:
    context = {"choice": choice, "secret": secret}
    pages = of_reader(site_of(request).pages, request)
    return pages.show("unsubscribe.html", context, headers=NO_STORE)
