"""Several cases at once: chosen from a list, changed in the same way, each by its own verb."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from prunella import cases, people
from prunella.cases import Change
from prunella.people import TEAMS
from prunella.web.errors import sentence_of
from prunella.web.forms import Fields, shift_with_form
from prunella.web.pages.desk import FIRST_VIEW, inbox_of
from prunella.web.pages.desk_page import BY_HAND, OBSTACLES, SEVERITIES, STATUSES
from prunella.web.pages.desk_verbs import one_of
from prunella.web.pages.entry import see
from prunella.web.pages.staff import DESK
from prunella.web.visits import Shift, shift

router = APIRouter(prefix=DESK)

MAX_FIELDS = 120
"""As many cases as a list shows, and what becomes of them."""
PICK = "c."
UNUSABLE = 422


@router.get("/several")
async def choose(
    request: Request,
    *,
    view: str = FIRST_VIEW,
    after: str | None = None,
    every: Annotated[str, Query(alias="all")] = "",
) -> Response:
    """`all`: every case of the list is chosen already."""
    async with shift(request) as here:
        here.must_be_able_to_write()
        return await _page(here, view, after, every=bool(every))


@router.post("/several")
async def change(request: Request) -> Response:
    async with shift_with_form(request, max_fields=MAX_FIELDS) as (here, fields):
        chosen = [name.removeprefix(PICK) for name in fields if name.startswith(PICK)]
        change = _change(fields)
        if not chosen or change == Change():
            view = fields.get("view") or FIRST_VIEW
            return await _page(here, view, None, {"nothing": True}, picked=chosen)
        changed = await cases.change_many(here.tx, chosen, change)
        why = sorted({type(one).__name__ for one in changed.refused.values()})
        said = sentence_of(OBSTACLES[why[0]]) if why and why[0] in OBSTACLES else ""
        told = {"done": len(changed.done), "refused": len(changed.refused), "why": said}
        return await _page(here, fields.get("view") or FIRST_VIEW, None, told)


@router.post("/next")
async def take_next(request: Request) -> Response:
    """Take the most pressing case that nobody has, of one's own teams."""
    async with shift_with_form(request) as (here, _):
        taken = await cases.assign_next(here.tx, here.tx.actor.id)
    return see(f"{DESK}/cases/{taken.id}?view=mine" if taken else f"{DESK}?view=nobody")


async def _page(
    here: Shift,
    view: str,
    after: str | None,
    told: dict[str, object] | None = None,
    *,
    every: bool = False,
    picked: Sequence[str] = (),
) -> Response:
    context = {
        "list": await inbox_of(here, view, after),
        "colleagues": await people.colleagues(here.tx),
        "teams": TEAMS,
        "statuses": BY_HAND,
        "severities": SEVERITIES,
        "told": told,
        "every": every,
        "picked": picked,
        "shift": here,
    }
    status = UNUSABLE if told and "nothing" in told else 200
    return here.site.pages.page("desk-several.html", context, status=status)


def _change(fields: Fields) -> Change:
    """What is left empty stays as it is."""
    status, severity, team = (fields.get(name) or None for name in ("status", "severity", "team"))
    return Change(
        status=one_of(STATUSES, status) if status else None,
        severity=one_of(SEVERITIES, severity) if severity else None,
        team=one_of(TEAMS, team) if team else None,
        assignee=fields.get("to") or None,
        add_tags=tuple(one.strip() for one in fields.get("tags", "").split(",") if one.strip()),
        spam=True if fields.get("as") == "spam" else None,
    )
