"""What concerns the colleague who asks, and how they want to be told."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request

from prunella.cases import notify
from prunella.cases.notify import Kind, Notice, Wish
from prunella.web.api.bodies import Body
from prunella.web.api.cursors import Limit, must_be_id
from prunella.web.errors import NotFoundError
from prunella.web.rendering import iso
from prunella.web.visits import Call, call

router = APIRouter(prefix="/v1/notifications", tags=["notifications"])


class ReadBody(Body):
    read: Literal[True]


class WishBody(Body):
    page: bool
    mail: bool


class WishesBody(Body):
    """How to be told; what is not named stays."""

    assigned: WishBody | None = None
    mentioned: WishBody | None = None
    heard: WishBody | None = None
    to_decide: WishBody | None = None
    sla_warned: WishBody | None = None
    sla_breached: WishBody | None = None

    def to_wishes(self) -> dict[Kind, Wish]:
        named = {kind: getattr(self, kind) for kind in notify.KINDS}
        return {
            kind: Wish(shown=body.page, mailed=body.mail) for kind, body in named.items() if body
        }


@router.get("")
async def list_them(
    request: Request,
    cursor: Annotated[str | None, Query(max_length=60)] = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """List your notifications, the newest first; `unread` is counted up to 99."""
    async with call(request) as here:
        here.must_be_staff()
        must_be_id(cursor, "ntc")
        page = await notify.notices_of(here.tx, after=cursor, limit=limit)
        data = [_json(one) for one in page.data]
        unread = await notify.unread(here.tx)
        return {"data": data, "next_cursor": page.next_cursor, "unread": unread}


@router.patch("")
async def read_all(request: Request, body: ReadBody) -> dict[str, Any]:
    """Mark all of yours as read."""
    async with call(request) as here:
        here.must_be_staff()
        await notify.read_notices(here.tx)
        return {"unread": await notify.unread(here.tx), "read": body.read}


@router.get("/settings")
async def settings(request: Request) -> dict[str, Any]:
    async with call(request) as here:
        here.must_be_staff()
        return _wishes(await notify.wishes_of(here.tx, here.actor.id))


@router.patch("/settings")
async def change_settings(request: Request, body: WishesBody) -> dict[str, Any]:
    async with call(request) as here:
        here.must_be_staff()
        return _wishes(await notify.set_wishes(here.tx, body.to_wishes()))


@router.patch("/{notification}")
async def read(request: Request, notification: str, body: ReadBody) -> dict[str, Any]:
    """Mark one of yours as read."""
    async with call(request) as here:
        here.must_be_staff()
        await _read(here, notification)
        return {"unread": await notify.unread(here.tx), "read": body.read}


async def _read(here: Call, notification: str) -> None:
    if not await notify.is_told(here.tx, notification):
        raise NotFoundError
    await notify.read_notices(here.tx, notice=notification)


def _json(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "kind": notice.kind,
        "case": notice.case_id,
        "number": notice.number,
        "subject": notice.subject,
        "by": notice.actor,
        "created_at": iso(notice.created_at),
        "read_at": iso(notice.read_at) or None,
    }


def _wishes(wishes: dict[Kind, Wish]) -> dict[str, Any]:
    return {kind: {"page": wish.shown, "mail": wish.mailed} for kind, wish in wishes.items()}
