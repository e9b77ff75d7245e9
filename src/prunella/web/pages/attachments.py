"""Files of messages: for the staff at one address, for the customer they belong to at theirs."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import cases
from prunella.web.downloads import download_of, file_for
from prunella.web.looking import note_look
from prunella.web.site import site_of
from prunella.web.visits import DOOR, shift, visit

router = APIRouter()


@router.get("/attachments/{attachment}")
async def download(request: Request, attachment: str) -> Response:
    async with shift(request) as here:
        file = await file_for(here.tx, attachment, None)
        await note_look(here.tx, file.customer, because="file", seen=attachment)
    return download_of(file)


@router.get("/billing/attachments/{attachment}")
async def download_theirs(request: Request, attachment: str) -> Response:
    """To the customer it belongs to, also in a frame; to everybody else there is none."""
    case = await _case_of(request, attachment)
    async with visit(request, case=case) as here:
        return download_of(await file_for(here.tx, attachment, here.customer.id))


async def _case_of(request: Request, attachment: str) -> str:
    """A guest's link opens one case; only what hangs on that one is theirs."""
    async with site_of(request).rooms.house.transaction(DOOR) as tx:
        return await cases.case_of_attachment(tx, attachment)
