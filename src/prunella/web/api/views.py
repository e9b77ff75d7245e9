"""Saved views: lists of cases that somebody keeps under a name."""

from datetime import timedelta
from typing import Annotated, Any, Self

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from prunella import cases
from prunella.cases import OPEN, Count, Filter, Kind, Level, Order, Severity, Status, View
from prunella.people import Team
from prunella.web.api.bodies import Body, Id, Line
from prunella.web.api.case_bodies import Tag
from prunella.web.api.case_shapes import listed
from prunella.web.api.cursors import Cursor, Limit, must_be_of_cases
from prunella.web.api.once import OptionalKey, once
from prunella.web.errors import NotFoundError
from prunella.web.scopes import ScopeMissingError
from prunella.web.visits import Call, call

_own = APIRouter(prefix="/v1/views", tags=["views"])
_found = APIRouter(prefix="/v1/views", tags=["cases"])
"""What a view finds are cases: whoever may keep one need not see those."""

MAX_DAYS = 366
DAY_S = 86_400
OF_CASES = "cases:read"


class Wanted(Body):
    """What a view asks for: open cases that are neither put aside nor spam, unless it says so.

    `assignee` is a colleague's id, `none`, or `me` for whoever looks; `due_within_s` how near the
    deadline has to be, 0 for what is late. Null takes any.
    """

    status: Annotated[list[Status], Field(max_length=6)] = Field(default_factory=lambda: [*OPEN])
    assignee: Id | None = None
    team: Team | None = None
    tag: Tag | None = None
    severity: Severity | None = None
    level: Level | None = None
    kind: Kind | None = None
    customer: Id | None = None
    snoozed: bool | None = False
    spam: bool | None = False
    order: Order = "due"
    due_within_s: Annotated[int, Field(ge=0, le=MAX_DAYS * DAY_S)] | None = None

    def to_filter(self) -> Filter:
        plain = self.model_dump(exclude={"status", "due_within_s"})
        return Filter(**plain, statuses=tuple(self.status) or OPEN)

    @property
    def due_within(self) -> timedelta | None:
        return None if self.due_within_s is None else timedelta(seconds=self.due_within_s)

    @classmethod
    def of(cls, view: View) -> Self:
        named = {name: getattr(view.filter, name) for name in cls.model_fields if name in _FIELDS}
        within = None if view.due_within is None else int(view.due_within.total_seconds())
        return cls(**named, status=list(view.filter.statuses), due_within_s=within)


_FIELDS = frozenset(Filter.__slots__)


class ViewBody(Body):
    name: Line
    shared: bool = False
    filter: Wanted = Field(default_factory=Wanted)


class ViewChange(Body):
    name: Line | None = None
    shared: bool | None = None
    filter: Wanted | None = None


@_own.get("")
async def list_them(request: Request, *, counts: bool = False) -> dict[str, Any]:
    """List your own views and the shared ones; with `counts`, how many cases are in each.

    Nobody counts further than a thousand: then `more` is true.
    """
    async with call(request) as here:
        here.must_be_staff()
        if counts and OF_CASES not in here.scopes:
            raise ScopeMissingError(OF_CASES)
        found = await cases.views_of(here.tx)
        asked = {view.id: view.at(here.tx) for view in found} if counts else {}
        numbers = await cases.counts(here.tx, asked)
        data = [_json(here, view) | _number(numbers.get(view.id)) for view in found]
        return {"data": data, "next_cursor": None}


@_own.post("", status_code=201)
async def save(request: Request, body: ViewBody, key: OptionalKey) -> dict[str, Any]:
    async with call(request) as here:
        here.must_be_staff()

        async def do() -> dict[str, Any]:
            view = await cases.save_view(
                here.tx,
                name=body.name,
                shared=body.shared,
                wanted=body.filter.to_filter(),
                due_within=body.filter.due_within,
            )
            return {"id": view.id}

        known = await once(here, key, body.model_dump(mode="json"), do)
        return _json(here, await _view(here, known["id"]))


@_own.get("/{view}")
async def show(request: Request, view: str) -> dict[str, Any]:
    async with call(request) as here:
        return _json(here, await _view(here, view))


@_own.patch("/{view}")
async def change(request: Request, view: str, body: ViewChange) -> dict[str, Any]:
    """Change what is named; a `filter` takes the place of the whole one that there was."""
    async with call(request) as here:
        found = await _view(here, view)
        changed = await found.change(
            here.tx,
            name=body.name,
            shared=body.shared,
            wanted=body.filter.to_filter() if body.filter else None,
            due_within=body.filter.due_within if body.filter else None,
        )
        return _json(here, changed)


@_own.delete("/{view}", status_code=204)
async def remove(request: Request, view: str) -> Response:
    async with call(request) as here:
        found = await _view(here, view)
        await found.remove(here.tx)
        return Response(status_code=204)


@_found.get("/{view}/cases")
async def cases_in(
    request: Request,
    view: str,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    async with call(request) as here:
        found = await _view(here, view)
        asked = found.at(here.tx)
        must_be_of_cases(asked, cursor)
        page = await cases.inbox(here.tx, asked, after=cursor, limit=limit)
        return {"data": await listed(here, page.data), "next_cursor": page.next_cursor}


async def _view(here: Call, view: str) -> View:
    here.must_be_staff()
    found = await cases.get_view(here.tx, view)
    if found is None:
        raise NotFoundError
    return found


def _json(here: Call, view: View) -> dict[str, Any]:
    return {
        "id": view.id,
        "name": view.name,
        "shared": view.shared,
        "own": view.owner == here.actor.id,
        "filter": Wanted.of(view).model_dump(),
    }


def _number(count: Count | None) -> dict[str, Any]:
    return {} if count is None else {"count": count.number, "more": count.more}


router = APIRouter()
router.include_router(_own)
router.include_router(_found)
