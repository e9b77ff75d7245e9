"""How the day stands: what presses, what waits, what was kept, and who has how much."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import cases, people
from prunella.cases import Filter
from prunella.people import TEAMS
from prunella.web.pages.desk import VIEWS, saying_of
from prunella.web.pages.staff import DESK
from prunella.web.views.overview import overview_of
from prunella.web.visits import Shift, shift

router = APIRouter(prefix=f"{DESK}/overview")

COUNTED_OVER = timedelta(days=28)
MAX_PEOPLE = 50
FIGURES = ("late", "soon", "nobody", "mine", "waiting", "snoozed")


@router.get("")
async def show(request: Request) -> Response:
    async with shift(request) as here:
        tx = here.tx
        colleagues = (await people.colleagues(tx))[:MAX_PEOPLE]
        asked = _asked([one.id for one in colleagues], here)
        page = overview_of(
            counts=await cases.counts(tx, asked),
            figures=FIGURES,
            attained=await cases.attainment(tx, since=tx.now - COUNTED_OVER),
            batches=await cases.batches(tx),
            colleagues=colleagues,
            saying=saying_of(here),
        )
        return here.site.pages.page("desk-overview.html", {"page": page, "shift": here})


def _asked(colleagues: list[str], here: Shift) -> Mapping[str, Filter]:
    """One figure each: the lists, a team's queue that nobody has, what each colleague has."""
    nobodys = VIEWS["nobody"].filter
    return (
        {name: VIEWS[name].at(here.tx) for name in FIGURES}
        | {f"team.{team}": replace(nobodys, team=team) for team in TEAMS}
        | {f"has.{one}": Filter(assignee=one) for one in colleagues}
    )
