"""Pages: templates filled with words of the catalogue, everything escaped."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse, Response

from prunella.diagnostics import Words
from prunella.kit.money import Money
from prunella.web.errors import SignInError, sentence_of

STATIC_DIR = Path(__file__).parent / "static"
UNAUTHORIZED = 401
DRAWN = {400, 401, 403, 404, 409, 413, 429, 500, 503}
"""The failures with a page of their own; the others look like the nearest of them."""


class Pages:
    """The templates, in one language."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.static = _addresses()
        self._templates = Environment(
            loader=PackageLoader("prunella.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {"say": words.say, "static": self.static}
        self._templates.filters["strong"] = strong

    def page(
        self,
        template: str,
        context: Mapping[str, Any],
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        text = self._templates.get_template(template).render(context)
        return HTMLResponse(text, status, headers=headers)


def problem_page(
    request: Request, *, status: int, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    """The page of a failure: what happened, what to do, and always a person."""
    pages: Pages = request.app.state.site.pages
    drawn = status if status in DRAWN else 400 if status < 500 else 500  # noqa: PLR2004 as HTTP counts
    staff = request.url.path.startswith(("/desk", "/scoreboard", "/sign-in", "/sign-out"))
    told = detail if status == UNAUTHORIZED and detail != sentence_of(SignInError) else ""
    context = {"status": drawn, "detail": told, "staff": staff}
    return pages.page("problem.html", context, status=status, headers=headers)


def strong(text: str, *parts: str | Money | None) -> Markup:
    """Escape the text, and set the amounts in it in bold figures."""
    shown = str(escape(text))
    for part in parts:
        word = str(escape(part.format("en") if isinstance(part, Money) else part or ""))
        if word:
            shown = shown.replace(word, f'<b class="num">{word}</b>')
    return Markup(shown)  # noqa: S704 both were escaped above


def iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _addresses() -> dict[str, str]:
    """Static files under the digest of what is in them, so that browsers may keep them."""
    files = sorted(path for path in STATIC_DIR.iterdir() if path.is_file())
    return {path.name: f"/static/{path.name}?v={_digest(path)}" for path in files}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
