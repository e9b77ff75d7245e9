"""What is the same in every web of a test process is worked out once: routes, and templates.

FastAPI works a route out when it is first asked for, Jinja a template: for an application that
lives as long as a test this is most of what it costs.
"""

from dataclasses import replace
from functools import cache
from typing import Any

from fastapi import FastAPI
from starlette.routing import BaseRoute
from tests.people.team import quick_passwords
from tests.shipped import shipped_book

from prunella.bootstrap import Rooms
from prunella.web import create_app
from prunella.web.rendering import Pages, whole_languages


def create_warm_app(rooms: Rooms) -> FastAPI:
    app = create_app(rooms, quick_passwords())
    app.router.routes[:] = [_worked_out(route) for route in app.router.routes]
    if rooms.words is shipped_book().words:
        app.state.site = replace(app.state.site, pages=_pages())
    return app


def _worked_out(route: BaseRoute) -> BaseRoute:
    """The same router, included in the same way, as the first application has it."""
    context = getattr(route, "include_context", None)
    if context is None:
        return route  # none of FastAPI's included routers
    first = _known().setdefault(id(context.included_router), route)
    return first if _ways(first) == _ways(route) else route


@cache
def _known() -> dict[int, BaseRoute]:
    """By router: each is kept by its module as long as the process lives."""
    return {}


def _ways(route: Any) -> dict[str, object]:
    """How it was included; by which application is all the same, as none replaces dependencies."""
    return {**vars(route.include_context), "dependency_overrides_provider": None}


@cache
def _pages() -> Pages:
    book = shipped_book()
    return Pages(book.words, whole_languages(book.languages))
