"""What the handlers share: the rooms, the pages, the live tail, the counters."""

from dataclasses import dataclass

from fastapi import Request

from prunella.bootstrap import Rooms
from prunella.people.entrance import Entrance
from prunella.web.counting import Tally
from prunella.web.live import Live
from prunella.web.rendering import Pages


@dataclass(frozen=True, slots=True)
class Site:
    """Built once by `create_app`, kept in the app's state."""

    rooms: Rooms
    pages: Pages
    live: Live
    tally: Tally
    entrance: Entrance


def site_of(request: Request) -> Site:
    site: Site = request.app.state.site
    return site
