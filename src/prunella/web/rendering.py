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

from prunella.cases import language_of
from prunella.diagnostics import Words
from prunella.kit.money import Money
from prunella.people.links import BadLinkError, ExpiredLinkError
from prunella.web.asked import languages_asked
from prunella.web.cookies import secret_in
from prunella.web.errors import SignInError, StaleFormError, sentence_of
from prunella.web.going_on import sign_in_for

STATIC_DIR = Path(__file__).parent / "static"
UNAUTHORIZED, INTERNAL = 401, 500
STAFFS = ("/desk", "/scoreboard", "/sign-in", "/sign-out", "/join")
"""Where who reads is of the staff."""
DRAWN = {400, 401, 403, 404, 409, 413, 429, 500, 503}
"""The failures with a page of their own; the others look like the nearest of them."""
_KINDS = {
    sentence_of(StaleFormError): "stale",
    sentence_of(BadLinkError): "link",
    sentence_of(ExpiredLinkError): "link_over",
}
"""Those that a customer reads more about than their number tells."""


class Pages:
    """The templates, in one language, and beside it in the others that content has whole."""

    def __init__(self, words: Words, others: Mapping[str, Words] | None = None) -> None:
        self.words = words
        self._others = {language: Pages(told) for language, told in (others or {}).items()}
        self.static = _addresses()
        self._templates = Environment(
            loader=PackageLoader("prunella.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {"say": words.say, "static": self.static}
        self._templates.filters["strong"] = self._strong
        self._templates.filters["mail_link"] = self._mail_link

    @property
    def language(self) -> str:
        return self.words.texts.get("page.lang", "")

    def in_language_of(self, locale: str) -> "Pages":
        """Return the pages in the reader's language, else in the first one."""
        return self._others.get(language_of(locale), self) if locale else self

    def in_language_asked(self, header: str) -> "Pages":
        """Return the pages in the language that a browser likes best of those there are."""
        there = {self.language, *self._others}
        asked = (one for one in languages_asked(header) if one in there)
        return self.in_language_of(next(asked, self.language))

    def page(
        self,
        template: str,
        context: Mapping[str, Any],
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        visit = context.get("visit")
        if visit is not None and self._others:
            pages = self.in_language_of(visit.customer.locale)
            return pages.show(template, context, status=status, headers=headers)
        return self.show(template, context, status=status, headers=headers)

    def show(
        self,
        template: str,
        context: Mapping[str, Any],
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """Render in this very language."""
        text = self._templates.get_template(template).render(context)
        return HTMLResponse(text, status, headers=headers)

    def _mail_link(self, text: str) -> Markup:
        """Escape the text, and make the company's address in it one to be pressed."""
        to = self.words.say("company.help")
        link = Markup('<a href="mailto:{0}">{0}</a>').format(to)
        return escape(text).replace(escape(to), link)

    def _strong(self, text: str, *parts: str | Money | None) -> Markup:
        return strong(text, *parts, locale=self.words.locale)


_STAFFS_OWN = {"401", "403", "409", "stale"}


def problem_page(
    request: Request,
    *,
    status: int,
    detail: str,
    typed: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The page of a failure: what happened, what to do, always a person, and what they `typed`."""
    pages: Pages = request.app.state.site.pages
    drawn = status if status in DRAWN else 400 if status < 500 else 500  # noqa: PLR2004 as HTTP counts
    staff = request.url.path.startswith(STAFFS)
    is_told = staff and status == UNAUTHORIZED and detail != sentence_of(SignInError)
    here = pages if staff else of_reader(pages, request)
    kind = _kind_of_staff(drawn, detail) if staff else _KINDS.get(detail, drawn)
    context = {"status": drawn, "kind": kind, "detail": detail if is_told else "", "staff": staff}
    framed = bool(request.scope.get("framed"))
    person = _person(request, here, status=drawn)
    context |= {"framed": framed, "person": person, "typed": typed}
    context |= {"sign_in": sign_in_for(request) if staff else ""}
    return here.show("problem.html", context, status=status, headers=headers)


def _kind_of_staff(drawn: int, detail: str) -> str:
    """What reads otherwise where no customer reads it."""
    kind = "stale" if _KINDS.get(detail) == "stale" else str(drawn)
    return f"staff_{kind}" if kind in _STAFFS_OWN else kind


def _person(request: Request, here: Pages, *, status: int) -> str:
    """Return where a person is reached: whoever is signed in says nothing of themselves again.

    A page of ours needs what may be away right now; a mail does not.
    """
    if request.scope.get("framed") or status >= INTERNAL:
        return f"mailto:{here.words.say('company.help')}"
    settings = request.app.state.site.rooms.settings
    signed_in = status != UNAUTHORIZED and secret_in(request, settings, "customer")
    return "/billing#person" if signed_in else "/contact"


def of_reader(pages: Pages, request: Request) -> Pages:
    """In the language of the customer where one is known, else as the browser asks."""
    locale = getattr(request.state, "locale", "")
    asked = request.headers.get("accept-language", "")
    return pages.in_language_of(locale) if locale else pages.in_language_asked(asked)


def whole_languages(languages: Mapping[str, Words]) -> Mapping[str, Words]:
    """Those with words for pages, too: a page half in another language helps nobody."""
    return {name: words for name, words in languages.items() if words.say("page.lang") == name}


def strong(text: str, *parts: str | Money | None, locale: str) -> Markup:
    """Escape the text, and set the amounts in it in bold figures."""
    shown = str(escape(text))
    for part in parts:
        word = str(escape(part.format(locale) if isinstance(part, Money) else part or ""))
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
