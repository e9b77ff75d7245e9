"""Reading content/macros, and saying in words what is wrong with it: file, line and remedy."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args

from prunella.cases.letters.letter import Letters
from prunella.cases.letters.template import ALWAYS, KNOWN, OF_THE_CASE, REPLIES
from prunella.cases.macros.macro import Macro
from prunella.cases.record import Kind, Level, Severity, Status
from prunella.cases.tags import BadTagError, checked_tag
from prunella.people.teams import TEAMS
from prunella.settings import Content, ContentError

FOLDER = "macros"
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "status": tuple(one for one in get_args(Status) if one not in {"new", "closed"}),
    "severity": get_args(Severity),
    "kind": get_args(Kind),
    "team": TEAMS,
    "level": get_args(Level),
    "reply": (*KNOWN, *REPLIES),
    "note": (*KNOWN, *REPLIES),
}
_LISTS = ("tags", "untag")
_FIELDS = ("title", *_CHOICES, *_LISTS, "to_me", "ask")


def check(content: Content) -> list[str]:
    """Return what is wrong with content/macros, a line each."""
    letters = Letters(content, company="")
    return [line for file in _files(content) for line in _problems(content, file, letters)]


def read(content: Content) -> dict[str, Macro]:
    """Return the macros by name. Raises ContentError with everything that is wrong."""
    if problems := check(content):
        raise ContentError("\n".join(problems))
    macros = (_macro(_name_of(file), content.toml(file)) for file in _files(content))
    return {macro.name: macro for macro in macros}


def _files(content: Content) -> list[str]:
    return sorted(file for file in content.files if file.startswith(f"{FOLDER}/"))


def _name_of(file: str) -> str:
    return file.removeprefix(f"{FOLDER}/").removesuffix(".toml")


def _macro(name: str, fields: Mapping[str, Any]) -> Macro:
    given: dict[str, Any] = {one: value for one, value in fields.items() if one != "ask"}
    for one in _LISTS:
        given[one] = tuple(checked_tag(tag) for tag in fields.get(one, ()))
    return Macro(name=name, asks=dict(fields.get("ask", {})), **given)


def _problems(content: Content, file: str, letters: Letters) -> Iterator[str]:
    try:
        fields = content.toml(file)
    except ContentError as error:
        yield str(error)
        return

    def at(word: str) -> str:
        return f"{content.folder / file}:{content.line_of(file, word)}"

    found = list(_shape(fields, at))
    yield from found
    if not found:
        yield from _asks(_macro(_name_of(file), fields), letters, at)


def _shape(fields: Mapping[str, Any], at: Callable[[str], str]) -> Iterator[str]:
    if not fields.get("title"):
        yield f"{at('')}: title is missing: add a line `title = …`"
    if not any(name in fields for name in _FIELDS if name not in {"title", "ask"}):
        yield f"{at('')}: it does nothing: give it a reply, a note, or something to change"
    for name, value in fields.items():
        yield from (f"{at(f'{name} =')}: {words}" for words in _value(name, value))
    asked = fields.get("ask", {})
    if not isinstance(asked, dict) or not all(isinstance(one, str) for one in asked.values()):
        yield f'{at("ask")}: write what to ask as lines below [ask], like cause = "What it was"'


def _value(name: str, value: object) -> Iterator[str]:
    if name not in _FIELDS:
        yield f"{name} is unknown: use one of {', '.join(_FIELDS)}"
    elif name in _CHOICES and value not in _CHOICES[name]:
        yield f"{name} cannot be {value!r}: use one of {', '.join(_CHOICES[name])}"
    elif name in _LISTS:
        yield from _tags(name, value)
    elif name == "to_me" and not isinstance(value, bool):
        yield "to_me is true or false, without quotes"
    elif name == "title" and not isinstance(value, str):
        yield "title must be a text in quotes"


def _tags(name: str, value: object) -> Iterator[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        yield f'{name} must be a list of texts, like ["waiting"]'
        return
    for tag in value:
        try:
            checked_tag(tag)
        except BadTagError as error:
            yield f"{tag!r} is no tag: {error.__doc__}"


def _asks(macro: Macro, letters: Letters, at: Callable[[str], str]) -> Iterator[str]:
    """What the words need is filled in by the case, or asked for; and nothing else is asked."""
    used = {name for text in (macro.reply, macro.note) if text for name in letters.places(text)}
    for name in sorted(used - OF_THE_CASE - ALWAYS - macro.asks.keys()):
        yield f'{at("ask")}: {{{name}}} is never filled in: add below [ask] `{name} = "…"`'
    for name in sorted(macro.asks.keys() - used):
        yield f"{at(f'{name} =')}: {{{name}}} stands in none of its words: take the line out"
