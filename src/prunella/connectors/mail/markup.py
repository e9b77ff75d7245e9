"""HTML of strangers, cut into tags and texts. Pure.

In one pass, however it is written: Python's own parser takes minutes over some small mails.
What has no end (a tag, a comment, a script) goes on to the end of all, as in browsers.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape

RAW = frozenset(("iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp"))
"""What stands in them is no markup; nobody is shown it."""
_NAME = re.compile(r"/?([a-zA-Z][^\s/>]*)")
_GAP = re.compile(r"[\s/]*")
_WORD = re.compile(r"=?[^\s/>=]*")
_IS = re.compile(r"\s*=\s*")
_BARE = re.compile(r"[^\s>]*")
_NO_LETTER = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?")
"""More digits than any letter's number has."""


@dataclass(frozen=True, slots=True)
class Tag:
    """Its name in small letters; of what it is given twice the first counts."""

    name: str
    closes: bool = False
    given: Mapping[str, str] = field(default_factory=dict)


def pieces(html: str) -> Iterator[Tag | str]:
    """Yield what stands there in order: tags, and texts as they are read."""
    place = 0
    while 0 <= place < len(html):
        start = html.find("<", place)
        if text := html[place : start if start >= 0 else len(html)]:
            yield _read(text)
        if start < 0:
            return
        found, place = _after(html, start + 1)
        if found is not None:
            yield found
        if isinstance(found, Tag) and not found.closes and found.name in RAW:
            place = _end_of_raw(html, found.name, place)


def _after(html: str, place: int) -> tuple[Tag | str | None, int]:
    """Return what stands behind a `<`, and where it ends; -1 where it never does."""
    if html.startswith("!--", place):
        return None, _past(html, "-->", place)
    name = _NAME.match(html, place)
    if name:
        given, end = _given(html, name.end())
        closes = html.startswith("/", place)
        return (Tag(name[1].lower(), closes, given) if end >= 0 else None), end
    if html.startswith(("!", "?", "/"), place):
        return None, _past(html, ">", place)
    return "<", place


def _given(html: str, place: int) -> tuple[dict[str, str], int]:
    """Return the attributes of a tag, and where it ends; -1 where it never does."""
    given: dict[str, str] = {}
    while True:
        place = _end(_GAP, html, place)
        if place >= len(html):
            return given, -1
        if html[place] == ">":
            return given, place + 1
        end = _end(_WORD, html, place)
        name, value = html[place:end].lower(), ""
        is_given = _IS.match(html, end)
        place = end
        if is_given:
            value, place = _value(html, is_given.end())
            if place < 0:
                return given, -1
        given.setdefault(name, _read(value))


def _value(html: str, place: int) -> tuple[str, int]:
    quote = html[place : place + 1]
    if quote in {'"', "'"}:
        end = html.find(quote, place + 1)
        return (html[place + 1 : end], end + 1) if end >= 0 else ("", -1)
    end = _end(_BARE, html, place)
    return html[place:end], end


def _end_of_raw(html: str, name: str, place: int) -> int:
    found = re.compile(f"</{name}", re.IGNORECASE).search(html, place)
    return found.start() if found else -1


def _past(html: str, sign: str, place: int) -> int:
    found = html.find(sign, place)
    return found + len(sign) if found >= 0 else -1


def _end(what: re.Pattern[str], html: str, place: int) -> int:
    found = what.match(html, place)
    return found.end() if found else place


def _read(text: str) -> str:
    return unescape(_NO_LETTER.sub("\ufffd", text)) if "&" in text else text
