"""Where in a text the words stand that somebody looked for. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from prunella.cases.asked import Asked, Word
from prunella.cases.words import is_spaced, lumps_in, words_of

Place = tuple[int, int]
BEFORE, AFTER = 40, 120
"""So many letters stand around the first word that was found."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an excerpt; `found` where it is what was looked for."""

    text: str
    found: bool


def excerpt_of(texts: Sequence[str], asked: Asked) -> tuple[Piece, ...]:
    """Return a few words of the text that has most of what is asked; nothing where none has any."""
    words = list(dict.fromkeys(word for term in asked.terms for way in term for word in way))
    lines = (" ".join(text.split()) for text in texts)
    placed = [(line, list(_places(line, words))) for line in lines]
    text, places = max(placed, key=lambda one: len({word for _, word in one[1]}), default=("", []))
    if not places:
        return ()
    return tuple(
        piece for piece in _pieces(text, _joined(place for place, _ in places)) if piece.text
    )


def _joined(places: Iterable[Place]) -> list[Place]:
    """Make one of those that touch, as the runs of a word without spaces do."""
    joined: list[Place] = []
    for start, stop in sorted(places):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return joined


def _places(text: str, words: Sequence[Word]) -> Iterator[tuple[Place, Word]]:
    for lump in lumps_in(text):
        at, forms = lump.start(), words_of(lump[0])
        spaced, plain = is_spaced(lump[0]), lump[0].casefold()
        for word in words:
            if spaced and any(_is(word, form) for form in forms):
                yield (at, lump.end()), word
            elif not spaced and (inside := plain.find(word.text)) >= 0:
                yield (at + inside, at + inside + len(word.text)), word


def _is(word: Word, form: str) -> bool:
    return form.startswith(word.text) if word.begins else form == word.text


def _pieces(text: str, places: Sequence[Place]) -> Iterator[Piece]:
    begin, end = _window(text, places[0][0])
    at = begin
    yield Piece("\u2026" if begin else "", found=False)
    for start, stop in places:
        if stop > end:
            break
        yield Piece(text[at:start], found=False)
        yield Piece(text[start:stop], found=True)
        at = stop
    yield Piece(text[at:end] + ("\u2026" if end < len(text) else ""), found=False)


def _window(text: str, first: int) -> tuple[int, int]:
    """Return where the excerpt begins and ends: between words, where there are spaces."""
    begin, end = max(first - BEFORE, 0), min(first + AFTER, len(text))
    if begin:
        begin = text.find(" ", begin, first) + 1 or begin
    if end < len(text):
        end = max(text.rfind(" ", first, end), end - BEFORE)
    return begin, end
