"""What somebody typed into a form that could not be taken: the page that says so shows it."""

import asyncio
from contextlib import suppress

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from prunella.web.forms import check_origin, read_files

TYPED_AT = ("/billing", "/embed/billing", "/contact", "/desk/")
MOST_BYTES = 65_536
"""Words fit in it; of what is larger, most is a file."""
PATIENCE_S = 2.0
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def words_of(request: Request) -> str:
    return str(getattr(request.state, "words", ""))


async def find_words(request: Request) -> None:
    """Read a form that was refused before anybody read it, so that its words are not lost.

    Never what another site's page sent.
    """
    if hasattr(request.state, "words") or not _holds_words(request):
        return
    with suppress(HTTPException, ClientDisconnect, TimeoutError):
        check_origin(request)
        async with asyncio.timeout(PATIENCE_S):
            await read_files(request)


def _holds_words(request: Request) -> bool:
    length = request.headers.get("content-length", "")
    return (
        request.method == "POST"
        and request.url.path.startswith(TYPED_AT)
        and request.headers.get("content-type", "").startswith(_FORMS)
        and length.isascii()
        and length.isdigit()
        and int(length[:15]) <= MOST_BYTES
    )
