"""One letter as it arrived, and what a reader wants of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from html.parser import HTMLParser
from typing import Any

_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+")
_ENDS_A_SENTENCE = ".,;:!?"


@dataclass(frozen=True)
class Letter:
    id: str
    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @cached_property
    def message(self) -> EmailMessage:
        message = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(message, EmailMessage)  # noqa: S101 - the default policy makes nothing else
        return message

    def header(self, name: str) -> str:
        """A header, or an empty text when it is missing or cannot be read."""
        try:
            return str(self.message.get(name, ""))
        except (ValueError, LookupError, TypeError):
            return ""

    @property
    def message_id(self) -> str:
        return self.header("Message-ID").strip()

    @property
    def subject(self) -> str:
        return self.header("Subject")

    @cached_property
    def text(self) -> str:
        return self._part("plain")

    @cached_property
    def html(self) -> str:
        return self._part("html")

    @cached_property
    def links(self) -> list[str]:
        """Web addresses of the text and the HTML, each once, in reading order."""
        return list(dict.fromkeys([*_links_in_html(self.html), *_links_in_text(self.text)]))

    def _part(self, subtype: str) -> str:
        for part in self.message.walk():
            if part.get_content_type() == f"text/{subtype}" and not part.is_attachment():
                return _content(part)
        return ""

    def summary(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "message_id": self.message_id,
            "from": self.header("From") or self.sender,
            "to": list(self.recipients),
            "subject": self.subject,
            "date": self.header("Date"),
            "text": self.text,
            "links": self.links,
        }

    def whole(self) -> dict[str, Any]:
        headers = [[name, str(value)] for name, value in self.message.raw_items()]
        return {**self.summary(), "html": self.html, "headers": headers}


def _content(part: Any) -> str:
    try:
        return str(part.get_content())
    except (LookupError, ValueError):
        return bytes(part.get_payload(decode=True) or b"").decode("utf-8", errors="replace")


def _links_in_text(text: str) -> Iterator[str]:
    for found in _ADDRESS.findall(text):
        yield found.rstrip(_ENDS_A_SENTENCE)


def _links_in_html(html: str) -> Iterator[str]:
    reader = _Anchors()
    reader.feed(html)
    reader.close()
    yield from (link for link in reader.found if link.startswith(("http://", "https://")))


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]
