"""`/scoreboard`: where contacts were settled, at what cost; each figure opens its contacts."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import people
from prunella.cases import TIERS
from prunella.insight import economics
from prunella.insight.economics import FIGURES
from prunella.web.errors import NotFoundError
from prunella.web.pages.desk import saying_of
from prunella.web.views.recovered import recovered_parts
from prunella.web.views.scoreboard import behind_rows, score_page
from prunella.web.visits import Shift, shift

router = APIRouter(prefix="/scoreboard")

SPANS: Mapping[str, timedelta] = {
    "7": timedelta(days=7),
    "28": timedelta(days=28),
    "84": timedelta(days=84),
}
A_MOMENT = timedelta(seconds=1)


@router.get("")
async def show(request: Request, days: str = "28") -> Response:
    async with shift(request) as here:
        since, until = _window(here, days)
        counted = await economics.scoreboard(
            here.tx, since=since, until=until, assumptions=here.site.rooms.economics
        )
        page = score_page(counted, saying_of(here), days=days)
        found = await economics.recovered(here.tx, since=since, until=until)
        parts = recovered_parts(found, saying_of(here))
        context = {"page": page, "spans": SPANS, "days": days, "shift": here, "recovered": parts}
        return here.site.pages.page("scoreboard.html", context)


@router.get("/contacts")
async def contacts(
    request: Request,
    figure: str,
    days: str = "28",
    tier: str | None = None,
    after: str | None = None,
) -> Response:
    """List the contacts that a figure counts."""
    if figure not in FIGURES or not (tier is None or tier in TIERS):
        raise NotFoundError
    async with shift(request) as here:
        since, until = _window(here, days)
        found = await economics.contacts_behind(
            here.tx,
            figure,
            since=since,
            until=until,
            currency=here.site.rooms.economics.currency,
            tier=tier,
            after=after,
        )
        names = await people.names_of(here.tx, [one.customer for one in found.data])
        rows = behind_rows(found.data, names, saying_of(here))
        context = {"figure": figure, "tier": tier, "days": days, "next": found.next_cursor}
        return here.site.pages.page("contacts.html", context | {"rows": rows, "shift": here})


def _window(here: Shift, days: str) -> tuple[datetime, datetime]:
    """To the present moment; the end itself is not counted, so it lies just ahead."""
    if days not in SPANS:
        raise NotFoundError
    return here.tx.now - SPANS[days], here.tx.now + A_MOMENT
