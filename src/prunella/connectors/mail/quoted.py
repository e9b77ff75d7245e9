"""What is new in an answer, and what it only repeats. Pure."""

import re
from dataclasses import dataclass

_INTRO = re.compile(
    r"^\s*(?:on\b.{3,200}\bwrote:|am\b.{3,200}\bschrieb\b.{0,100}:|le\b.{3,200}\ba écrit\s?:|"
    r"-{3,}\s*(?:original message|ursprüngliche nachricht)\s*-{3,}|_{10,})\s*$",
    re.IGNORECASE,
)
_MAX_INTRO_LINES = 3


@dataclass(frozen=True, slots=True)
class Folded:
    """`fresh` is what was written now; `quoted` what it answers, empty where nothing is."""

    fresh: str
    quoted: str


def fold(text: str) -> Folded:
    """Split an answer from the quotation at its end. Quotations that are answered inline stay."""
    lines = text.split("\n")
    start = _quotation(lines)
    fresh = "\n".join(lines[:start]).strip()
    if start == len(lines) or not fresh:
        return Folded(text.strip(), "")
    return Folded(fresh, "\n".join(lines[start:]).strip())


def _quotation(lines: list[str]) -> int:
    only_marked = _only_marked(lines)
    for place in range(len(lines)):
        if _begins(lines, place, only_marked):
            return place
    start = len(lines)
    while start and (lines[start - 1].startswith(">") or not lines[start - 1].strip()):
        start -= 1
    return start if any(line.startswith(">") for line in lines[start:]) else len(lines)


def _only_marked(lines: list[str]) -> list[bool]:
    """Return for each place, and for the end, whether all words from there on are marked or none.

    Once for all places: a stranger may write a thousand lines that look like a beginning.
    """
    found, marked, bare = [True], False, False
    for line in reversed(lines):
        marked = marked or line.startswith(">")
        bare = bare or bool(line.strip() and not line.startswith(">"))
        found.append(not (marked and bare))
    return found[::-1]


def _begins(lines: list[str], place: int, only_marked: list[bool]) -> bool:
    """Whether a line says who wrote what follows, and only quotation follows."""
    if not lines[place].strip():
        return False
    for more in range(1, _MAX_INTRO_LINES + 1):
        joined = " ".join(line.strip() for line in lines[place : place + more])
        if _INTRO.match(joined):
            return only_marked[min(place + more, len(lines))]
    return False
