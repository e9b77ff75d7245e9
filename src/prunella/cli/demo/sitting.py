"""Sitting down at the desk: a session in one click, for whoever a chapter needs there."""

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from prunella.bootstrap import Rooms
from prunella.kit.actor import SYSTEM, Actor
from prunella.people import sessions
from prunella.web.cookies import put


def rooms_of(request: Request) -> Rooms:
    rooms: Rooms = request.app.state.site.rooms
    return rooms


def see(address: str) -> RedirectResponse:
    return RedirectResponse(address, status_code=303)


async def sit_down(request: Request, actor: Actor | None, address: str) -> Response:
    """Go on at the desk as this person; as nobody it asks who one is."""
    rooms = rooms_of(request)
    async with rooms.house.transaction(SYSTEM) as tx:
        secret = await sessions.open_for_staff(tx, actor) if actor else ""
    response = see(address)
    put(response, rooms.settings, kind="staff", secret=secret)
    return response
