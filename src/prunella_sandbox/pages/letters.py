"""The mailbox as pages. A letter's own HTML stands in a frame that can run and fetch nothing."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from prunella_sandbox.mailbox import Letter, Mailbox
from prunella_sandbox.pages.render import Pages

MAX_SHOWN = 200
# Links open in the whole window; scripts, forms, pictures from elsewhere and frames stay out.
LETTER_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "sandbox allow-top-navigation-by-user-activation allow-popups "
        "allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
        "img-src data:; frame-ancestors 'self'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class LetterPages:
    mailbox: Mailbox
    pages: Pages

    def routes(self) -> list[Route]:
        return [
            Route("/mailbox", self.overview),
            Route("/mailbox/{letter}", self.letter),
            Route("/mailbox/{letter}/html", self.html),
        ]

    async def overview(self, request: Request) -> Response:
        letters = self.mailbox.letters(to=request.query_params.get("to"))
        shown = [_Row(letter, self.mailbox.copies(letter)) for letter in letters[-MAX_SHOWN:]]
        return self.pages.show("mailbox.html", total=len(letters), letters=shown[::-1])

    async def letter(self, request: Request) -> Response:
        letter = self.mailbox.letter(request.path_params["letter"])
        if letter is None:
            return self._no_letter()
        copies = self.mailbox.copies(letter)
        return self.pages.show("letter.html", letter=letter, copies=copies)

    async def html(self, request: Request) -> Response:
        letter = self.mailbox.letter(request.path_params["letter"])
        if letter is None:
            return self._no_letter()
        return HTMLResponse(
            f'<!doctype html><base target="_top">{letter.html}', headers=LETTER_HEADERS
        )

    def _no_letter(self) -> Response:
        return self.pages.show(
            "notice.html",
            status=404,
            state="warn",
            word="Not here",
            heading="There is no such letter",
            lead="It was never received, or the mailbox was emptied.",
            act="All letters",
            address="/mailbox",
        )


@dataclass(frozen=True)
class _Row:
    """A letter and how often its Message-ID arrived."""

    letter: Letter
    copies: int
