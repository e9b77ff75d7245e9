"""One way from a template to a response, with the headers every page gets."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from prunella_sandbox.world import World

HERE = Path(__file__).parent
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Pages:
    """Renders pages; knows the time of the world and the name of the account."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {"day": day, "day_and_hour": day_and_hour, "moment": moment}

    @property
    def company(self) -> str:
        return self._world.settings.account_name

    def show(self, template: str, *, status: int = 200, **content: Any) -> Response:
        blank = {"company": self.company, "now": self._world.clock.now(), "problem": None}
        html = self._environment.get_template(template).render(blank | content)
        return HTMLResponse(html, status_code=status, headers=HEADERS)


def go(address: str) -> Response:
    """After a form: fetch the next page, and a reload does not send the form again."""
    return RedirectResponse(address, status_code=303, headers={"Referrer-Policy": "no-referrer"})


def stylesheet() -> Response:
    css = (HERE / "static" / "sandbox.css").read_text(encoding="utf-8")
    return Response(css, media_type="text/css", headers={"Cache-Control": "max-age=60"})


def _utc(at: float) -> datetime:
    return datetime.fromtimestamp(at, tz=UTC)


def day(at: float) -> str:
    then = _utc(at)
    return f"{then.day} {then:%B %Y}"


def day_and_hour(at: float) -> str:
    then = _utc(at)
    return f"{then:%A} {then.day} {then:%B %Y, %H:%M}"


def moment(at: float) -> str:
    return _utc(at).isoformat(timespec="seconds")
