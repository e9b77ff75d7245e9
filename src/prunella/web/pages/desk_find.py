"""Find or do anything: the palette's answers, and the same search as a page."""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from prunella import people
from prunella.web.pages.staff import DESK
from prunella.web.views.finding import Hit, customer_hits, places
from prunella.web.visits import Shift, shift

router = APIRouter(prefix=DESK)

QUICK = 6
HITS = 30
MAX_Q = 200


@router.get("/find")
async def find(request: Request, q: str = "") -> Response:
    """A few of each kind, for the palette."""
    async with shift(request) as here:
        found = [*await _hits(here, q, QUICK), *places(q, here.site.rooms.words)]
        return JSONResponse({"hits": [hit.to_json() for hit in found]})


@router.get("/search")
async def search(request: Request, q: str = "") -> Response:
    async with shift(request) as here:
        hits = await _hits(here, q, HITS)
        context = {"hits": hits, "q": q[:MAX_Q], "shift": here}
        return here.site.pages.page("desk-find.html", context)


async def _hits(here: Shift, q: str, limit: int) -> list[Hit]:
    words = q.strip()[:MAX_Q]
    if not words:
        return []
    said = here.site.rooms.words
    return customer_hits(await people.search(here.tx, words, limit), said)
