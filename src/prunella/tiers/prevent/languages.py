"""The words of every language that content/messages has, each complete: what lacks is English."""

from collections.abc import Iterator, Mapping
from typing import Any

from prunella.cases.letters.template import SOURCE
from prunella.diagnostics import WordingError, Words
from prunella.diagnostics.wording import places
from prunella.settings import Content, ContentError, load_content, shipped

FOLDER = "messages"
FIRST = f"{FOLDER}/{SOURCE}.toml"
FEW = 3


def languages_of(content: Content, words: Words) -> Mapping[str, Words]:
    """Return the words by language, `words` being those of the first one."""
    others = {
        language: _words(content.toml(file), words, locale=language)
        for language, file in other_languages(content).items()
    }
    return {SOURCE: words, **others}


def other_languages(content: Content) -> Mapping[str, str]:
    """Return the files of the catalogue beside English, by language."""
    found = {}
    for file in content.files:
        folder, _, name = file.partition("/")
        language = name.removesuffix(".toml")
        if folder == FOLDER and language.isalpha() and language != SOURCE:
            found[language] = file
    return found


def lacking(content: Content) -> Iterator[str]:
    """Say which shipped texts a language of the content lacks: there, customers read English."""
    whole = load_content(shipped("content"))
    for file in other_languages(content).values():
        known = _texts(whole, file) if file in whole.files else frozenset()
        absent = sorted(known - _texts(content, file))
        if absent:
            few = f"{len(absent)} of the shipped texts, such as {absent[0]}"
            then = "customers read them in English. Copy them from the shipped file"
            yield f"{content.folder / file} lacks {few}: {then}"


def _texts(content: Content, file: str) -> frozenset[str]:
    return frozenset(Words.from_catalogue(content.toml(file)).texts)


def check(content: Content) -> list[str]:
    """Return what is wrong with any language: file, line and remedy, a line each.

    What pages and letters ask for, and fill in, stands in the English that is shipped.
    """
    source = Words.from_catalogue(load_content(shipped("content")).toml(FIRST))
    files = [file for file in content.files if file.startswith(f"{FOLDER}/")]
    wrong = [line for file in sorted(files) for line in _problems(content, file, source)]
    return wrong or list(_missing(content, source))


def _missing(content: Content, source: Words) -> Iterator[str]:
    """What a copy from before an upgrade lacks; other languages may lack it, and are English."""
    own = Words.from_catalogue(content.toml(FIRST)).texts
    if lacking := sorted(set(source.texts) - set(own)):
        names = ", ".join(f'"{key}"' for key in lacking[:FEW])
        more = f" and {len(lacking) - FEW} more" if len(lacking) > FEW else ""
        yield f"{content.folder / FIRST}:1: {names}{more} missing: copy them from the shipped file"


def _problems(content: Content, file: str, source: Words) -> Iterator[str]:
    try:
        texts = Words.from_catalogue(content.toml(file)).texts
    except ContentError as error:
        yield str(error)
        return
    except WordingError as error:
        yield f"{content.folder / file}:1: {error}"
        return
    for key, text in texts.items():
        line = f"{content.folder / file}:{content.line_of(file, text[:40])}"
        if key not in source.texts:
            yield f'{line}: nothing asks for "{key}": take it out, or correct its name'
        elif unknown := set(places(key, text)) - set(places(key, source.texts[key])):
            names = ", ".join(f"{{{name}}}" for name in sorted(unknown))
            yield f"{line}: {names} is never filled in: take it out"


def _words(catalogue: dict[str, Any], source: Words, *, locale: str) -> Words:
    own = Words.from_catalogue(catalogue, locale=locale)
    return Words(texts={**source.texts, **own.texts}, locale=locale)
