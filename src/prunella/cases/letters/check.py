"""Whether the templates can be used, in words for who edits them."""

from collections.abc import Iterator
from typing import Any

from prunella.cases.letters.template import (
    ALWAYS,
    FOLDER,
    KNOWN,
    LAYOUT,
    LAYOUT_NAMES,
    NEEDED,
    OF_THE_CASE,
    REPLIES,
    TO_STRANGERS,
    Template,
    file_of,
    names_in,
)
from prunella.settings import Content, ContentError

LETTER = ("subject", "paragraphs", "button")
REPLY = ("paragraphs",)


def check(content: Content) -> list[str]:
    """Return what is wrong with content/templates: file, line and remedy, a line each."""
    shipped = (line for name in (*KNOWN, *REPLIES) for line in _of(content, name, file_of(name)))
    return [*_layout(content), *shipped, *_translations(content)]


def _translations(content: Content) -> Iterator[str]:
    """Check what exists in other languages; what does not is written in the first one."""
    for file in sorted(content.files):
        folder, *language, last = file.split("/") if "/" in file else ("", file)
        if folder != FOLDER or len(language) != 1 or not last.endswith(".toml"):
            continue
        name = last.removesuffix(".toml")
        if name in KNOWN or name in REPLIES:
            yield from _of(content, name, file)
        else:
            yield f"{content.folder / file}:1: there is no letter or reply {name}: rename the file"


def _of(content: Content, name: str, file: str) -> Iterator[str]:
    """Check one file: a letter, or a reply, which has paragraphs and nothing else."""
    try:
        fields = content.toml(file)
    except ContentError as error:
        yield str(error)
        return
    needed = LETTER if name in KNOWN else REPLY
    problems = list(_fields(content, file, fields, needed))
    yield from problems
    if not problems:
        yield from _names(
            content, file, name, [text for one in fields.values() for text in _texts(one)]
        )


def _texts(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _fields(
    content: Content, file: str, fields: dict[str, Any], needed: tuple[str, ...]
) -> Iterator[str]:
    for key in needed:
        if not fields.get(key):
            yield f"{content.folder / file}:1: {key} is missing: add a line `{key} = …`"
    for key, value in fields.items():
        line = f"{content.folder / file}:{content.line_of(file, f'{key} =')}"
        if needed == REPLY and key not in REPLY:
            yield f"{line}: {key} is unknown: a reply of a case has paragraphs alone"
        elif key not in Template.__slots__:
            yield f"{line}: {key} is unknown: use subject, paragraphs, button and after"
        elif key in ("paragraphs", "after"):
            if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
                yield f'{line}: {key} must be a list of texts, like ["One.", "Two."]'
        elif not isinstance(value, str):
            yield f'{line}: {key} must be a text in quotes, like "Paid"'


def _names(content: Content, file: str, name: str, texts: list[str]) -> Iterator[str]:
    allowed = (KNOWN[name] if name in KNOWN else REPLIES[name] | OF_THE_CASE) | ALWAYS
    allowed -= {"name"} if name in TO_STRANGERS else set()
    needed = NEEDED[name] if name in KNOWN else REPLIES[name]
    used = {word for text in texts for word in names_in(text)}
    for word in sorted(used - allowed):
        line = content.line_of(file, f"{{{word}}}")
        choice = ", ".join(f"{{{known}}}" for known in sorted(allowed))
        yield f"{content.folder / file}:{line}: {{{word}}} is never filled in: use one of {choice}"
    for word in sorted(needed - used):
        yield f"{content.folder / file}:1: {{{word}}} is not used: put it back into the text"


def _layout(content: Content) -> Iterator[str]:
    try:
        used = names_in(content.text(LAYOUT))
    except ContentError as error:
        yield str(error)
        return
    for word in sorted(used - LAYOUT_NAMES):
        line = content.line_of(LAYOUT, f"{{{word}}}")
        yield f"{content.folder / LAYOUT}:{line}: {{{word}}} is never filled in: take it out"
    for word in sorted(LAYOUT_NAMES - used):
        yield f"{content.folder / LAYOUT}:1: {{{word}}} is not used: put it back"
