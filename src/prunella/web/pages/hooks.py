"""Programs that are told what happens here: whom, what was told, and telling it again."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella.connectors.hooks import BadAddressError
from prunella.tiers.desk import hooks
from prunella.tiers.desk.hooks import EVENTS, Endpoint
from prunella.web.errors import ForbiddenError, NotFoundError
from prunella.web.forms import is_first, shift_with_form
from prunella.web.pages.desk import saying_of
from prunella.web.pages.entry import see
from prunella.web.pages.staff import DESK
from prunella.web.visits import Shift, shift

HOOKS = f"{DESK}/hooks"
router = APIRouter(prefix=HOOKS)
SHOWN = 50


@router.get("")
async def show(request: Request) -> Response:
    async with shift(request) as here:
        return await _all(here)


@router.post("")
async def add(request: Request) -> Response:
    """Add one; the page that follows shows its secret, this once."""
    async with shift_with_form(request) as (here, fields):
        _must_be_admin(here)
        url, private = fields.get("url", "").strip(), here.site.rooms.settings.hooks_private
        wanted = [name for name in EVENTS if fields.get(name)]
        if not await is_first(here, fields):
            return see(HOOKS)
        try:
            made, secret = await hooks.add(
                here.tx, url=url, events=wanted or EVENTS, private=private
            )
        except BadAddressError as problem:
            return await _all(here, problem=str(problem), url=url, chosen=wanted)
        return await _one(here, made, secret=secret)


@router.get("/{endpoint}")
async def show_one(request: Request, endpoint: str) -> Response:
    async with shift(request) as here:
        return await _one(here, await _endpoint(here, endpoint))


@router.post("/{endpoint}/switch")
async def switch(request: Request, endpoint: str) -> Response:
    async with shift_with_form(request) as (here, fields):
        found = await _endpoint(here, endpoint)
        private = here.site.rooms.settings.hooks_private
        await hooks.change(here.tx, found, on=fields.get("to") == "on", private=private)
    return see(f"{HOOKS}/{endpoint}")


@router.post("/{endpoint}/secret")
async def change_secret(request: Request, endpoint: str) -> Response:
    """Make another secret; shown on the page that follows, this once."""
    async with shift_with_form(request) as (here, fields):
        found = await _endpoint(here, endpoint)
        if await is_first(here, fields):
            return await _one(here, found, secret=await hooks.change_secret(here.tx, found))
    return see(f"{HOOKS}/{endpoint}")


@router.post("/{endpoint}/test")
async def send_test(request: Request, endpoint: str) -> Response:
    async with shift_with_form(request) as (here, fields):
        found = await _endpoint(here, endpoint)
        if await is_first(here, fields):
            await hooks.send_test(here.tx, found)
    return see(f"{HOOKS}/{endpoint}#told")


@router.post("/{endpoint}/removal")
async def remove(request: Request, endpoint: str) -> Response:
    async with shift_with_form(request) as (here, fields):
        _must_be_admin(here)
        if await is_first(here, fields):
            await hooks.remove(here.tx, await _endpoint(here, endpoint))
    return see(HOOKS)


@router.post("/{endpoint}/deliveries/{delivery}/again")
async def send_again(request: Request, endpoint: str, delivery: str) -> Response:
    async with shift_with_form(request) as (here, _):
        found = await _endpoint(here, endpoint)
        if await hooks.send_again(here.tx, found.id, delivery) is None:
            raise NotFoundError
    return see(f"{HOOKS}/{endpoint}#told")


async def _all(
    here: Shift, *, problem: str = "", url: str = "", chosen: Sequence[str] = ()
) -> Response:
    _must_be_admin(here)
    found = await hooks.listed(here.tx)
    context: dict[str, Any] = {"endpoints": found, "events": EVENTS, "problem": problem}
    context |= {"url": url, "chosen": chosen, "key": here.tx.new_id("form")}
    status = HTTPStatus.CONFLICT if problem else HTTPStatus.OK
    return here.site.pages.page("hooks.html", context | {"shift": here}, status=status)


async def _one(here: Shift, endpoint: Endpoint, *, secret: str = "") -> Response:
    told = await hooks.deliveries(here.tx, endpoint.id, after=None, limit=SHOWN)
    context: dict[str, Any] = {"endpoint": endpoint, "told": told, "secret": secret}
    context |= {"saying": saying_of(here), "key": here.tx.new_id("form"), "shift": here}
    return here.site.pages.page("hook.html", context)


def _must_be_admin(here: Shift) -> None:
    if here.session.role != "admin":
        raise ForbiddenError


async def _endpoint(here: Shift, name: str) -> Endpoint:
    _must_be_admin(here)
    found = await hooks.find(here.tx, name)
    if found is None:
        raise NotFoundError
    return found
