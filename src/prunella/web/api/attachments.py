"""Files that hang on messages, for programs."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella.web.downloads import PLAIN, SHOWN_AS_THEY_ARE, download_of, file_for
from prunella.web.looking import note_look
from prunella.web.visits import call

router = APIRouter(prefix="/v1/attachments", tags=["attachments"])
BYTES: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
AS_DOWNLOAD: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file, byte for byte.",
        "content": dict.fromkeys((PLAIN, *SHOWN_AS_THEY_ARE), BYTES),
    }
}


@router.get("/{attachment}", response_class=Response, responses=AS_DOWNLOAD)
async def download(request: Request, attachment: str) -> Response:
    """Hand one out: to staff, and to the customer it belongs to."""
    async with call(request) as here:
        file = await file_for(here.tx, attachment, here.own.id if here.own else None)
        await note_look(here.tx, file.customer, because="file", seen=attachment)
    return download_of(file)
