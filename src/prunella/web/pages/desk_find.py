"""Find or do anything: the palette's answers, and the same search as a page."""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from prunella import cases, people
from prunella.web.pages.desk import around, saying_of
from prunella.web.pages.staff import DESK
from prunella.web.views.desk import case_rows
from prunella.web.views.finding import Hit, case_hits, customer_hits, places
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
    """Cases by number, name, tag or any word that was said; then customers."""
    words = q[:MAX_Q]
    if not words.strip():
        return []
    found = (await cases.search(here.tx, words, limit=limit)).data
    rows = case_rows(found, await around(here, found), saying_of(here))
    excerpts = await cases.excerpts(here.tx, words, [case.id for case in found])
    customers = await people.search(here.tx, words.strip(), limit)
    said = here.site.rooms.words
    return [*case_hits(rows, said, excerpts), *customer_hits(customers, said)]
