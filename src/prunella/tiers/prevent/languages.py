"""The words of every language that content/messages has, each complete: what lacks is English."""

from collections.abc import Mapping
from typing import Any

from prunella.cases.letters.template import SOURCE
from prunella.diagnostics import Words
from prunella.settings import Content

FOLDER = "messages"


def languages_of(content: Content, words: Words) -> Mapping[str, Words]:
    """Return the words by language, `words` being those of the first one."""
    found = {SOURCE: words}
    for file in content.files:
        folder, _, name = file.partition("/")
        language = name.removesuffix(".toml")
        if folder == FOLDER and language.isalpha() and language != SOURCE:
            found[language] = _words(content.toml(file), words, locale=language)
    return found


def _words(catalogue: dict[str, Any], source: Words, *, locale: str) -> Words:
    own = Words.from_catalogue(catalogue, locale=locale)
    return Words(texts={**source.texts, **own.texts}, locale=locale)
