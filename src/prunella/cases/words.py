"""Words as a search knows them: without case, accents and punctuation, in any language. Pure.

A text has more forms of a word than were written, so that each way to write it finds it: Müller is
muller and mueller, NB-0042 also nb0042, 1,249.00 also 124900 and 1249, late_payment also payment.
What is written without spaces is taken apart into runs of a few letters.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain

MAX_WORD = 60
MAX_JOINED = 5
"""More pieces than these are no one word: a sentence of hyphens, the parts of a UUID."""
MIN_ID = 8

_BASIC_MARKS = range(0x300, 0x1B00)
_MARKS = "".join(chr(c) for c in _BASIC_MARKS if unicodedata.category(chr(c)).startswith("M"))
_PIECE = rf"[\w{_MARKS}\u3099\u309a]+"
_LUMP = re.compile(rf"{_PIECE}(?:(?:[-'\u2019\u2010]|(?<=\d)[.,](?=\d)){_PIECE})*")
PIECES = re.compile(_PIECE)
NUMBER = re.compile(r"\d+(?:[.,'\u2019]\d+)+")
_ID = re.compile(rf"[a-z]+_\w{{{MIN_ID},}}")
# Soft hyphens, joiners and marks of direction stand within words and are not seen.
_UNSEEN = re.compile("[\u00ad\u200c-\u200f\u2060\ufe00-\ufe0f\ufeff]")
_SPACE_IN_NUMBER = re.compile(r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))")
# Letters that no accent can be taken off, and those that many write as two.
_PLAIN = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i"}
)
# Unicode's classes of marks: struck through, Hebrew and Arabic, and all above and below.
_ACCENTS = frozenset((1, *range(10, 37), *range(200, 256)))
_AS_TWO = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})

_IDEOGRAMS = (
    "\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f"
    "\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
_SOUTHEAST = "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff"
_RUN = re.compile(rf"([{_IDEOGRAMS}]+)|([{_SOUTHEAST}]+)|[^{_IDEOGRAMS}{_SOUTHEAST}]+")


def words_of(text: str) -> list[str]:
    """Return each form of each word once, in order: `Müller's` is muller, s, mullers, mueller."""
    forms = chain.from_iterable(map(_forms_of_lump, dict.fromkeys(lumps_of(text))))
    return list(dict.fromkeys(form[:MAX_WORD] for form in forms))


def lumps_of(text: str) -> Iterator[str]:
    """Yield words with what hangs on them by a hyphen, an apostrophe, or a point in a number."""
    if not text.isascii():
        text = _SPACE_IN_NUMBER.sub(",", _UNSEEN.sub("", text))
        text = unicodedata.normalize("NFKC", text)
    return (found[0] for found in _LUMP.finditer(text.casefold()))


def lumps_in(text: str) -> Iterator[re.Match[str]]:
    """Yield where such words stand in a text as it was written."""
    return _LUMP.finditer(text)


def is_spaced(text: str) -> bool:
    """Whether spaces divide its words."""
    return not any(size for _, size in runs_of(text))


def _forms_of_lump(lump: str) -> Iterable[str]:
    if lump.isascii() and lump.isalnum():
        return (lump,)
    return chain.from_iterable(map(_forms, spellings_of(lump)))


def spellings_of(lump: str) -> tuple[str, ...]:
    """Return the ways to write it without accents; none where it is nothing but an accent."""
    if lump.isascii():
        return (lump,)
    spelled = dict.fromkeys((_plain(lump), _plain(lump.translate(_AS_TWO))))
    return tuple(filter(PIECES.search, spelled))


def _plain(text: str) -> str:
    """Take accents off. A mark that is a vowel, or makes another letter, stays."""
    apart = unicodedata.normalize("NFD", text.translate(_PLAIN))
    return unicodedata.normalize("NFC", "".join(c for c in apart if not _is_accent(c)))


def _is_accent(mark: str) -> bool:
    return unicodedata.combining(mark) in _ACCENTS


def _forms(spelling: str) -> Iterator[str]:
    pieces = PIECES.findall(spelling)
    for piece in pieces:
        yield from _forms_of_piece(piece)
    if len(pieces) > 1:
        yield from _joined(spelling, pieces)


def _forms_of_piece(piece: str) -> Iterator[str]:
    for run, size in runs_of(piece):
        if size:
            yield from (run[at : at + size] for at in range(len(run)))
            continue
        yield run
        if "_" in run and not _is_id(run):
            yield from filter(None, run.split("_"))


def _joined(spelling: str, pieces: list[str]) -> Iterator[str]:
    for number in NUMBER.findall(spelling):
        groups = PIECES.findall(number)
        yield "".join(groups)
        if len(groups[-1]) == len("00"):
            yield "".join(groups[:-1])
    if is_one_word(spelling, pieces):
        yield "".join(pieces)


def is_one_word(spelling: str, pieces: list[str]) -> bool:
    may_join = 1 < len(pieces) <= MAX_JOINED and is_spaced(spelling)
    return may_join and not NUMBER.fullmatch(spelling)


def _is_id(word: str) -> bool:
    return bool(_ID.fullmatch(word)) and any(c.isdigit() for c in word)


def runs_of(text: str) -> Iterator[tuple[str, int]]:
    """Yield parts of one way of writing, and how long its pieces are; 0 where spaces divide."""
    if text.isascii():
        yield text, 0
        return
    for found in _RUN.finditer(text):
        yield found[0], 2 if found[1] else 3 if found[2] else 0
