"""Files of messages: handed out as downloads to who may see them, never shown in a page of ours."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import cases, people
from prunella.cases import StoredFile
from prunella.kit.house import Tx
from prunella.web.errors import NotFoundError, SignInError
from prunella.web.site import site_of
from prunella.web.visits import DOOR, call, shift, visit

router = APIRouter(prefix="/attachments", tags=["attachments"])
PLAIN = "application/octet-stream"
SHOWN_AS_THEY_ARE = ("image/png", "image/jpeg", "image/gif", "application/pdf", "text/plain")
"""Every other type is told as mere bytes, so that no program takes it for a page."""


@router.get("/{attachment}")
async def download(request: Request, attachment: str) -> Response:
    """To the staff, and to the customer it belongs to; to everybody else there is none."""
    file = await _found(request, attachment)
    shown = file.type if file.type in SHOWN_AS_THEY_ARE else PLAIN
    headers = {
        "content-disposition": disposition(file.name),
        "cross-origin-resource-policy": "same-origin",
    }
    return Response(file.data, media_type=shown, headers=headers)


def disposition(name: str) -> str:
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


async def _found(request: Request, attachment: str) -> StoredFile:
    if request.headers.get("authorization"):
        async with call(request) as here:
            own = here.own.id if here.own else None
            return await _one(here.tx, attachment, own)
    try:
        async with shift(request) as there:
            return await _one(there.tx, attachment, None)
    except SignInError:
        case = await _case_of(request, attachment)
        async with visit(request, case=case) as at:
            return await _one(at.tx, attachment, at.customer.id)


async def _one(tx: Tx, attachment: str, own: str | None) -> StoredFile:
    file = await cases.attachment(tx, attachment)
    if file is None:
        raise NotFoundError
    if own and (file.hidden or file.customer not in await people.names_of_account(tx, own)):
        raise NotFoundError
    return file


async def _case_of(request: Request, attachment: str) -> str:
    """A guest's link opens one case; only what hangs on that one is theirs."""
    async with site_of(request).rooms.house.transaction(DOOR) as tx:
        return await cases.case_of_attachment(tx, attachment)
