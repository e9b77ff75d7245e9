"""The desk: the inbox, and what its open pages ask to know of news."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from prunella import cases, people
from prunella.actions import Approvals
from prunella.cases import SETTLED, Case, Count, Filter, Page, View
from prunella.web.errors import NotFoundError
from prunella.web.pages.staff import DESK
from prunella.web.views.desk import SOON, Around, CaseRow, case_rows
from prunella.web.views.desk_list import Inbox, ViewLink, groups_of, query_of
from prunella.web.views.desk_thread import last_said
from prunella.web.views.saying import Saying
from prunella.web.visits import Shift, shift

router = APIRouter(prefix=DESK)

PAGE = 50
ACTIONS_SHOWN = 20
FIRST_VIEW = "open"
TO_DECIDE = "decide"
"""Not what stands on a case makes its list, but what waits on it."""


def _built_in(name: str, asked: Filter, due_within: timedelta | None = None) -> View:
    return View(name, "", name, shared=True, filter=asked, due_within=due_within)


VIEWS: Mapping[str, View] = {
    one.id: one
    for one in (
        _built_in("mine", Filter(assignee="me")),
        _built_in("nobody", Filter(assignee="none")),
        _built_in("open", Filter()),
        _built_in("late", Filter(), timedelta()),
        _built_in("soon", Filter(), SOON),
        _built_in(TO_DECIDE, Filter()),
        _built_in("waiting", Filter(statuses=("pending", "on_hold"))),
        _built_in("snoozed", Filter(snoozed=True)),
        _built_in("settled", Filter(statuses=SETTLED, order="newest")),
        _built_in("spam", Filter(spam=True, order="newest")),
    )
}
"""Lists that everybody has; whoever wants others saves views of their own."""
TABS = ("mine", "nobody", "open")


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
        told = {"unread": here.unread_shown, "told": _unread_in_words(here)}
        return JSONResponse({"rows": [_told(row) for row in rows], "last": last, **told})


async def inbox_of(here: Shift, view: str, after: str | None) -> Inbox:
    tx, saying, query = here.tx, saying_of(here), query_of(view, after)
    asked = VIEWS.get(view) or await cases.get_view(tx, view)
    if asked is None:
        raise NotFoundError
    page = await _page(here, asked, after)
    rows = case_rows(page.data, await around(here, page.data, query), saying)
    tabs, more = await _links(here, view)
    return Inbox(
        title=_title(asked, saying),
        view=view,
        tabs=tabs,
        more=more,
        groups=groups_of(rows, saying, apart=asked.filter.by_due),
        query=query,
        next=f"{DESK}?{query_of(view, page.next_cursor)}" if page.next_cursor else "",
    )


async def _page(here: Shift, view: View, after: str | None) -> Page:
    asked = view.at(here.tx)
    if view.id != TO_DECIDE:
        return await cases.inbox(here.tx, asked, after=after, limit=PAGE)
    waiting = await Approvals(here.site.rooms.door).to_decide(here.tx, here.session.role)
    return await cases.inbox_among(here.tx, waiting, asked, after=after, limit=PAGE)


async def around(here: Shift, found: Sequence[Case], query: str = "") -> Around:
    """What the rows of a list say besides the cases themselves."""
    holders = {case.assignee for case in found if case.assignee} - {here.tx.actor.id}
    known = await people.colleagues_by_id(here.tx, sorted(holders))
    return Around(
        names=await people.names_of(here.tx, [case.customer for case in found]),
        decides=await Approvals(here.site.rooms.door).deciders(here.tx, [one.id for one in found]),
        clocks=await cases.clocks_of(here.tx, [case.id for case in found]),
        colleagues={one.id: one.name for one in known.values()},
        query=query,
    )


async def last_of(here: Shift, case: str) -> str:
    """Return the last word on the case, so that an open page knows whether it is behind."""
    found = await cases.get_case(here.tx, case)
    said = await cases.messages_of(here.tx, found) if found else []
    return last_said(said)


def saying_of(here: Shift) -> Saying:
    """The catalogue in the time of whoever looks: their own zone's, else the company's."""
    rooms = here.site.rooms
    return Saying(words=rooms.words.in_zone(here.time_zone), now=here.tx.now)


async def _links(here: Shift, current: str) -> tuple[list[ViewLink], list[ViewLink]]:
    """The lists that people live in, with their numbers; and all others, saved ones last."""
    saying = saying_of(here)
    counts = await cases.counts(here.tx, {name: VIEWS[name].at(here.tx) for name in TABS})
    tabs = [_link(VIEWS[name], saying, current, count=counts[name]) for name in TABS]
    others = [one for one in VIEWS.values() if one.id not in TABS]
    saved = await cases.views_of(here.tx)
    return tabs, [_link(one, saying, current) for one in (*others, *saved)]


def _link(view: View, saying: Saying, current: str, count: Count | None = None) -> ViewLink:
    return ViewLink(
        label=_title(view, saying),
        href=f"{DESK}?{query_of(view.id)}",
        count=str(count) if count and count.number else "",
        current=view.id == current,
    )


def _title(view: View, saying: Saying) -> str:
    return saying.say(f"page.desk.view_{view.id}") if view.id in VIEWS else view.name


def _unread_in_words(here: Shift) -> str:
    say = here.site.rooms.words.say
    unread = here.unread_shown
    return say("page.notices.unread", count=unread) if unread else say("page.notices.all_seen")


def _told(row: CaseRow) -> dict[str, str]:
    return {"id": row.id, "stamp": row.stamp, "due": row.due, "state": row.state}
