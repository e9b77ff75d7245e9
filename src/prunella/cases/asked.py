"""What somebody types to find a case, as the words that it has to have. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from prunella.cases.words import (
    MAX_WORD,
    NUMBER,
    PIECES,
    is_one_word,
    lumps_of,
    runs_of,
    spellings_of,
)

MAX_ASKED = 10


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is looked for; or, where it `begins` one, any that begins so."""

    text: str
    begins: bool = False


Term = tuple[tuple[Word, ...], ...]
"""One thing that was asked: all words of any one of these."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Every term is looked for."""

    terms: tuple[Term, ...]

    @classmethod
    def of(cls, text: str) -> "Asked":
        """The last word may still be being written, unless a space follows it."""
        lumps = [lump for lump in lumps_of(text) if spellings_of(lump)][:MAX_ASKED]
        last = len(lumps) - 1 if text and not text[-1].isspace() else len(lumps)
        return cls(tuple(_term(lump, begins=n == last) for n, lump in enumerate(lumps)))

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def whole(self) -> "Asked":
        """What is asked without what is only a beginning: that is dear to look up."""
        return Asked(tuple(term for term in self.terms if not _is_open(term)))

    @property
    def open(self) -> "Asked":
        """What is only a beginning."""
        return Asked(tuple(term for term in self.terms if _is_open(term)))

    @property
    def tsquery(self) -> str:
        """For PostgreSQL, as a literal that is cast. Words hold no quotes."""
        return self._with("")

    @property
    def any_word(self) -> str:
        """Return the same for whatever has at least one of the words."""
        words = chain.from_iterable(chain.from_iterable(self.terms))
        return " | ".join(_text(word, "") for word in words)

    def in_block(self, block: str) -> str:
        """Return the same for words as the index has them, each behind its block."""
        return self._with(f"{block}/")

    def _with(self, before: str) -> str:
        return " & ".join(f"({_either(term, before)})" for term in self.terms)


def _term(lump: str, *, begins: bool) -> Term:
    return tuple(
        dict.fromkeys(chain.from_iterable(_ways(one, begins=begins) for one in spellings_of(lump)))
    )


def _ways(spelling: str, *, begins: bool) -> Iterator[tuple[Word, ...]]:
    """Yield what may stand for it: an amount as one number, else one word or several."""
    pieces = PIECES.findall(spelling)
    number = NUMBER.fullmatch(spelling)
    if number or is_one_word(spelling, pieces):
        yield (Word("".join(pieces)[:MAX_WORD], begins),)
    if not number:
        last = len(pieces) - 1
        asked = (_asked(piece, begins=begins and n == last) for n, piece in enumerate(pieces))
        yield tuple(chain.from_iterable(asked))


def _asked(piece: str, *, begins: bool) -> Iterator[Word]:
    runs = list(runs_of(piece))
    for run, size in runs:
        if not size:
            yield Word(run[:MAX_WORD], begins and run is runs[-1][0])
        elif len(run) < size:
            yield Word(run, begins=True)
        else:
            yield from (Word(run[at : at + size]) for at in range(len(run) - size + 1))


def _is_open(term: Term) -> bool:
    return any(word.begins for way in term for word in way)


def _either(term: Term, before: str) -> str:
    return " | ".join(f"({_all(way, before)})" for way in term)


def _all(way: tuple[Word, ...], before: str) -> str:
    return " & ".join(_text(word, before) for word in way)


def _text(word: Word, before: str) -> str:
    return f"'{before}{word.text}'{':*' if word.begins else ''}"
