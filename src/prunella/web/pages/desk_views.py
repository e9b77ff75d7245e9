"""Lists under a name: saved for oneself or for everybody, and taken away again."""

from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import cases, people
from prunella.cases import EVERY_STATUS, OPEN, SETTLED, Filter, Status, views
from prunella.people import TEAMS
from prunella.web.errors import NotFoundError, sentence_of
from prunella.web.forms import Fields, shift_with_form
from prunella.web.pages.desk_page import SEVERITIES
from prunella.web.pages.desk_verbs import one_of
from prunella.web.pages.entry import see
from prunella.web.pages.staff import DESK
from prunella.web.visits import Shift, shift

router = APIRouter(prefix=f"{DESK}/views")

STATES: dict[str, tuple[Status, ...]] = {
    "open": OPEN,
    "waiting": ("pending", "on_hold"),
    "settled": SETTLED,
    "every": EVERY_STATUS,
}
WITHIN = {"late": timedelta(), "hours": timedelta(hours=4), "day": timedelta(days=1)}
UNUSABLE = 422
_UNFIT = (
    views.ViewNameError,
    views.ViewNameTakenError,
    views.TooManyViewsError,
    views.NotYourViewError,
    views.OwnViewsOnlyError,
)


@router.get("")
async def show(request: Request) -> Response:
    async with shift(request) as here:
        return await _page(here, {})


@router.post("")
async def save(request: Request) -> Response:
    async with shift_with_form(request, own=True) as (here, fields):
        try:
            async with here.tx.conn.transaction():
                view = await cases.save_view(
                    here.tx,
                    name=fields.get("name", ""),
                    wanted=_wanted(fields),
                    shared="shared" in fields,
                    due_within=WITHIN.get(fields.get("within", "")),
                )
        except _UNFIT as problem:
            return await _page(here, fields, wrong=sentence_of(type(problem)))
    return see(f"{DESK}?view={view.id}")


@router.post("/{view}")
async def change(request: Request, view: str) -> Response:
    """Share it, keep it to oneself again, or take it away."""
    async with shift_with_form(request, own=True) as (here, fields):
        found = await cases.get_view(here.tx, view)
        if found is None:
            raise NotFoundError
        try:
            if fields.get("as") == "remove":
                await found.remove(here.tx)
            else:
                await found.change(here.tx, shared=fields.get("as") == "share")
        except _UNFIT as problem:
            return await _page(here, fields, wrong=sentence_of(type(problem)))
    return see(f"{DESK}/views")


def _wanted(fields: Fields) -> Filter:
    """What is left empty takes any."""
    team, severity = fields.get("team"), fields.get("severity")
    return Filter(
        statuses=STATES.get(fields.get("state", ""), OPEN),
        assignee=fields.get("assignee") or None,
        team=one_of(TEAMS, team) if team else None,
        severity=one_of(SEVERITIES, severity) if severity else None,
        tag=fields.get("tag", "").strip() or None,
    )


async def _page(here: Shift, fields: Fields, *, wrong: str = "") -> Response:
    context = {
        "views": await cases.views_of(here.tx),
        "me": here.tx.actor.id,
        "colleagues": await people.colleagues(here.tx),
        "teams": TEAMS,
        "severities": SEVERITIES,
        "states": STATES,
        "within": WITHIN,
        "leads": here.session.role in views.LEADS,
        "may_share": here.session.role not in views.READERS,
        "fields": fields,
        "wrong": wrong,
        "shift": here,
    }
    status = UNUSABLE if wrong else 200
    return here.site.pages.page("desk-views.html", context, status=status)
