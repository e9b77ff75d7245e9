"""Files of messages, handed out as downloads to who may see them, never shown in our pages."""

from urllib.parse import quote

from starlette.responses import Response

from prunella import cases, people
from prunella.cases import StoredFile
from prunella.kit.house import Tx
from prunella.web.errors import NotFoundError

PLAIN = "application/octet-stream"
SHOWN_AS_THEY_ARE = ("image/png", "image/jpeg", "image/gif", "application/pdf", "text/plain")
"""Every other type is told as mere bytes, so that no program takes it for a page."""


async def file_for(tx: Tx, attachment: str, customer: str | None) -> StoredFile:
    """Return a file for this customer, or for staff with None. Another's is not there at all."""
    file = await cases.attachment(tx, attachment)
    if file is None:
        raise NotFoundError
    if customer and (
        file.hidden or file.customer not in await people.names_of_account(tx, customer)
    ):
        raise NotFoundError
    return file


def download_of(file: StoredFile) -> Response:
    shown = file.type if file.type in SHOWN_AS_THEY_ARE else PLAIN
    headers = {
        "content-disposition": disposition(file.name),
        "cross-origin-resource-policy": "same-origin",
    }
    return Response(file.data, media_type=shown, headers=headers)


def disposition(name: str) -> str:
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
