"""Files of messages for people: for staff, and for the customer they belong to."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import cases
from prunella.cases import StoredFile
from prunella.web.downloads import download_of, file_for
from prunella.web.errors import SignInError
from prunella.web.site import site_of
from prunella.web.visits import DOOR, shift, visit

router = APIRouter(prefix="/attachments")


@router.get("/{attachment}")
async def download(request: Request, attachment: str) -> Response:
    """To the staff, and to the customer it belongs to; to everybody else there is none."""
    return download_of(await _found(request, attachment))


async def _found(request: Request, attachment: str) -> StoredFile:
    try:
        async with shift(request) as there:
            return await file_for(there.tx, attachment, None)
    except SignInError:
        case = await _case_of(request, attachment)
        async with visit(request, case=case) as at:
            return await file_for(at.tx, attachment, at.customer.id)


async def _case_of(request: Request, attachment: str) -> str:
    """A guest's link opens one case; only what hangs on that one is theirs."""
    async with site_of(request).rooms.house.transaction(DOOR) as tx:
        return await cases.case_of_attachment(tx, attachment)
