"""The desk: the inbox, and what its open pages ask to know of news."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from prunella import cases, people
from prunella.cases import SETTLED, Filter
from prunella.people.zones import HOME_ZONE
from prunella.web.errors import NotFoundError
from prunella.web.pages.staff import DESK
from prunella.web.views.desk import CaseRow, case_rows
from prunella.web.views.desk_list import Inbox, ViewLink, groups_of, query_of
from prunella.web.views.saying import Saying
from prunella.web.visits import Shift, shift

router = APIRouter(prefix=DESK)

PAGE = 50
ACTIONS_SHOWN = 20
FIRST_VIEW = "open"
VIEWS: Mapping[str, Filter] = {
    "mine": Filter(assignee="me"),
    "nobody": Filter(assignee="none"),
    "open": Filter(),
    "waiting": Filter(statuses=("pending", "on_hold")),
    "snoozed": Filter(snoozed=True),
    "settled": Filter(statuses=SETTLED, order="newest"),
    "spam": Filter(spam=True, order="newest"),
}
COUNTED = ("mine", "nobody", "open")


@router.get("")
async def inbox(request: Request, view: str = FIRST_VIEW, after: str | None = None) -> Response:
    async with shift(request) as here:
        context = {"list": await inbox_of(here, view, after), "page": None, "shift": here}
        return here.site.pages.page("desk.html", context)


@router.get("/news")
async def news(
    request: Request, view: str = FIRST_VIEW, after: str | None = None, case: str = ""
) -> JSONResponse:
    """How the list stands now, for a page that was told of a change; `case` is the open one."""
    async with shift(request) as here:
        found = await inbox_of(here, view, after)
        rows = [row for group in found.groups for row in group.rows]
        last = await last_of(here, case) if case else ""
        return JSONResponse({"rows": [_told(row) for row in rows], "last": last})


async def inbox_of(here: Shift, view: str, after: str | None) -> Inbox:
    if view not in VIEWS:
        raise NotFoundError
    saying, query = saying_of(here), query_of(view, after)
    page = await cases.inbox(here.tx, VIEWS[view], after=after, limit=PAGE)
    names = await people.names_of(here.tx, [case.customer for case in page.data])
    rows = case_rows(page.data, names, saying, query=query)
    return Inbox(
        title=saying.say(f"page.desk.view_{view}"),
        view=view,
        views=await _views(here, view),
        groups=groups_of(rows, saying, settled=view == "settled"),
        query=query,
        next=f"{DESK}?{query_of(view, page.next_cursor)}" if page.next_cursor else "",
    )


async def last_of(here: Shift, case: str) -> str:
    """Return the newest message of the case, so that an open page knows whether it is behind."""
    found = await cases.get_case(here.tx, case)
    said = await cases.messages_of(here.tx, found) if found else []
    return said[-1].id if said else ""


def saying_of(here: Shift) -> Saying:
    """The desk's times are the company's."""
    rooms = here.site.rooms
    return Saying(words=rooms.words.in_zone(HOME_ZONE), now=here.tx.now)


async def _views(here: Shift, current: str) -> list[ViewLink]:
    """Those that people live in have their number beside them."""
    counts = await cases.counts(here.tx, {name: VIEWS[name] for name in COUNTED})
    shown = {name: str(count) for name, count in counts.items() if count.number}
    saying = saying_of(here)
    return [
        ViewLink(
            label=saying.say(f"page.desk.view_{name}"),
            href=f"{DESK}?{query_of(name)}",
            count=shown.get(name, ""),
            current=name == current,
        )
        for name in VIEWS
    ]


def _told(row: CaseRow) -> dict[str, str]:
    return {"id": row.id, "stamp": row.stamp, "due": row.due, "state": row.state}
