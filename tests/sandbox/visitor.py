"""Somebody who clicks through pages: reads forms, fills them in, sends them, follows redirects."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

HERE = "http://sandbox"


@dataclass
class Form:
    method: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    """Name, value and text of each button."""


class Visitor:
    """Stops at addresses outside the sandbox; `elsewhere` is where it was sent."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self.page = httpx.Response(204)
        self.elsewhere = ""
        self._reader = _Reader()

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._reader.text).split())

    @property
    def links(self) -> dict[str, str]:
        return self._reader.links

    @property
    def values(self) -> dict[str, str]:
        """What stands in the fields of all forms."""
        return {name: value for form in self._reader.forms for name, value in form.fields.items()}

    async def open(self, address: str) -> None:
        await self._arrive(await self._http.get(address))

    async def follow(self, text: str) -> None:
        """Click the link with this text in it."""
        found = next(href for label, href in self.links.items() if text in label)
        await self.open(urljoin(str(self.page.url), found))

    async def press(self, text: str, **typed: str) -> None:
        """Fill in the form with this button and send it."""
        form, name, value = next(
            (form, name, value)
            for form in self._reader.forms
            for name, value, label in form.buttons
            if text in label
        )
        assert form.method == "post"
        assert typed.keys() <= form.fields.keys()
        data = form.fields | typed | ({name: value} if name else {})
        address = urljoin(str(self.page.url), form.action)
        await self._arrive(await self._http.post(address, data=data))

    async def _arrive(self, page: httpx.Response) -> None:
        self.elsewhere = ""
        while page.is_redirect:
            address = urljoin(str(page.url), page.headers["location"])
            if urlsplit(address)[:2] != urlsplit(HERE)[:2]:
                self.elsewhere = address
                return
            page = await self._http.get(address)
        self.page = page
        self._reader = _Reader()
        self._reader.feed(page.text)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self._link: list[str] | None = None
        self._href = ""
        self._button: tuple[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("method", "get"), given.get("action", "")))
        elif tag == "input":
            self.forms[-1].fields[given["name"]] = given.get("value", "")
        elif tag == "button":
            self._button = given.get("name", ""), given.get("value", "")
        elif tag == "a":
            self._link, self._href = [], given["href"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "button":
            self._button = None
        elif tag == "a" and self._link is not None:
            self.links[" ".join(self._link)] = self._href
            self._link = None

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._link is not None:
            self._link.append(data.strip())
        if self._button is not None:
            self.forms[-1].buttons.append((*self._button, data.strip()))
