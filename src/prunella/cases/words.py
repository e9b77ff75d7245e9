"""Words as a search knows them: without case, accents and punctuation, in any language. Pure."""

import re
import unicodedata
from dataclasses import dataclass

MAX_WORD = 60
MAX_ASKED = 10
MIN_BEGINNING = 3
"""A beginning shorter than this is taken for a whole word."""
_WORD = re.compile(r"\w+")


def words_of(text: str) -> list[str]:
    """Return each word once, in order: `Müller's in_1Qx` is muller, s, in_1qx."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return list(dict.fromkeys(word[:MAX_WORD] for word in _WORD.findall(plain)))


@dataclass(frozen=True, slots=True)
class Asked:
    """All of `whole` are looked for, and a word that begins with `beginning`, if any."""

    whole: tuple[str, ...]
    beginning: str = ""

    @classmethod
    def of(cls, text: str) -> "Asked":
        """The last word may still be being written, unless a space follows it."""
        words = words_of(text)[:MAX_ASKED]
        if words and len(words[-1]) >= MIN_BEGINNING and not text[-1].isspace():
            return cls(tuple(words[:-1]), words[-1])
        return cls(tuple(words))

    def __bool__(self) -> bool:
        return bool(self.whole or self.beginning)

    @property
    def tsquery(self) -> str:
        """For PostgreSQL, as a literal that is cast. Words hold no quotes."""
        parts = [f"'{word}'" for word in self.whole]
        if self.beginning:
            parts.append(f"'{self.beginning}':*")
        return " & ".join(parts)
