"""The rules of content/policy/*.cedar, read once; each that is wrong is told with file and line."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import cedarpy

from prunella.actions.policy.asks import asked_by
from prunella.actions.policy.chapter import Chapter
from prunella.actions.policy.kinds import HARMLESS, KINDS, POSSIBLE
from prunella.actions.policy.rule import Rule
from prunella.actions.policy.schema import BEGIN, schema_text
from prunella.settings import Content, ContentError

PERMIT = "permit"
WHO = "who."
_FOLDER, _ENDING = "policy/", ".cedar"
_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|;')
_NAME = re.compile(r"[a-z_]+(\.[a-z_]+)+")
_WORDS = ("customer", "staff")
_TRANSLATED = re.compile(r"customer_([a-z]{2,3})")
_ANNOTATIONS = frozenset({"id", "liftable", *_WORDS})
_BRAKES = {
    "automatic_stopped": "the switch would stop nothing",
    "day": "the day's limit on automatic money would not count",
}


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules in the order of their files and lines, and a chapter of them for each kind."""

    rules: tuple[Rule, ...]
    chapters: Mapping[str, Chapter]

    @classmethod
    def read(cls, content: Content) -> "Rulebook":
        """Raises `ContentError` with everything that is wrong, in words."""
        statements = list(_statements(content))
        schema = cedarpy.Schema.from_str(schema_text())
        problems = list(_problems(content, statements, schema))
        if problems:
            raise ContentError("\n".join(problems))
        parsed = [one.parsed() for one in statements]
        rules = tuple(
            _rule(one, found)
            for one, found in zip(statements, parsed, strict=True)
            if found["effect"] == "forbid"
        )
        chapters = {
            kind: Chapter.of(kind, [one for one in parsed if _is_of(one, kind)], rules)
            for kind in KINDS
        }
        begin = Chapter.of(BEGIN, [one for one in parsed if _is_who(one)], rules)
        return cls(rules, {**chapters, BEGIN: begin})


def _is_of(found: Mapping[str, Any], kind: str) -> bool:
    about = _about(found["action"])
    return about is None or kind in about


def _is_who(found: Mapping[str, Any]) -> bool:
    """Whether it holds before anything else than who asks is known."""
    name: str = found["annotations"]["id"]
    return name == PERMIT or (name.startswith(WHO) and _about(found["action"]) is None)


@dataclass(frozen=True, slots=True)
class _Statement:
    """One policy of a file. `where` is its file and the line that it begins on."""

    where: str
    text: str

    def parsed(self) -> dict[str, Any]:
        """Raises `ValueError` where Cedar cannot read it."""
        found = json.loads(cedarpy.policies_to_json_str(self.text))
        if len(found["staticPolicies"]) != 1:
            message = "a rule stands alone, and without ?principal or ?resource"
            raise ValueError(message)
        only: dict[str, Any] = next(iter(found["staticPolicies"].values()))
        return {**only, "annotations": only.get("annotations") or {}}


def _statements(content: Content) -> Iterator[_Statement]:
    for name in sorted(content.files):
        if name.startswith(_FOLDER) and name.endswith(_ENDING):
            yield from _cut(str(content.folder / name), content.files[name])


def _cut(file: str, text: str) -> Iterator[_Statement]:
    """Cut a file where its statements end: Cedar's own errors name no line."""
    start = 0
    for found in [*(one for one in _TOKEN.finditer(text) if one[0] == ";"), None]:
        end = found.end() if found else len(text)
        begins = start + _leading(text[start:end])
        if begins < end:
            yield _Statement(f"{file}:{text.count(chr(10), 0, begins) + 1}", text[begins:end])
        start = end


def _leading(text: str) -> int:
    """Return how much of it is space and comments."""
    found = re.match(r"(\s|//[^\n]*)*", text)
    return found.end() if found else 0


def _problems(
    content: Content, statements: list[_Statement], schema: cedarpy.Schema
) -> Iterator[str]:
    if not statements:
        yield f"{content.folder / _FOLDER} holds no rules: put its .cedar files back"
        return
    seen: dict[str, str] = {}
    rules: list[dict[str, Any]] = []
    for one in statements:
        try:
            found = one.parsed()
            asked_by([found])
        except ValueError as error:
            yield f"{one.where}: {error}: correct the rule that begins here"
            continue
        rules.append(found)
        problem = _unnamed(found, seen) or _misfit(one, schema)
        if problem:
            yield f"{one.where}: {problem}"
        seen.setdefault(str(found["annotations"].get("id")), one.where)
    if PERMIT not in seen:
        yield f'{statements[0].where}: nothing is permitted: add @id("{PERMIT}") permit (…);'
    if len(rules) == len(statements):  # else what is missing may be what could not be read
        yield from (f"{content.folder / _FOLDER}: {words}" for words in _unguarded(rules))


def _unguarded(rules: list[dict[str, Any]]) -> Iterator[str]:
    """A file of rules that is lost widens what is allowed, and nobody would notice."""
    about = frozenset[str]().union(*(_about(one["action"]) or () for one in rules))
    for kind in sorted(POSSIBLE - HARMLESS - about):
        yield f"no rule is about {kind}, so nothing would limit it: put its rules back, or add one"
    asked = asked_by(rules)
    for fact, words in _BRAKES.items():
        if fact not in asked:
            yield f"no rule asks for context.{fact}, so {words}: put the rule back"


def _unnamed(found: dict[str, Any], seen: dict[str, str]) -> str | None:
    """Return what is wrong with the words around a rule."""
    notes = found["annotations"]
    name = notes.get("id") or ""
    if found["effect"] == PERMIT:
        return None if name == PERMIT and PERMIT not in seen else "one permit is all there may be"
    if not _NAME.fullmatch(name):
        return 'a rule has a name like @id("refund.age")'
    if name in seen:
        return f"{name} stands already in {seen[name]}: give this one another name"
    return _wordless(name, notes)


def _wordless(name: str, notes: dict[str, str]) -> str | None:
    translations = {word for word in notes if _TRANSLATED.fullmatch(word)}
    strange = sorted(set(notes) - _ANNOTATIONS - translations)
    if strange:
        known = ", ".join(sorted({*_ANNOTATIONS, "customer_de"}))
        return f"@{strange[0]} is not known here: use {known}"
    missing = [
        word for word in (*_WORDS, *sorted(translations)) if not (notes.get(word) or "").strip()
    ]
    if missing:
        return f"{name} says nothing to them: add @{missing[0]}"
    if notes.get("liftable", "true") != "true":
        return f'{name}: @liftable("true") lets a person lift it; leave it out where none may'
    return None


def _misfit(one: _Statement, schema: cedarpy.Schema) -> str | None:
    """Return what the rule asks for that is not among the facts."""
    result = cedarpy.validate_policies(one.text, schema)
    if result.validation_passed:
        return None
    told = result.errors[0].error if result.errors else "it does not fit the facts"
    words = told.removeprefix("for policy `policy0`, ")
    return f"{words}: correct the rule that begins here (docs/policy.md lists the facts)"


def _rule(one: _Statement, found: dict[str, Any]) -> Rule:
    notes = found["annotations"]
    return Rule(
        name=notes["id"],
        for_customer=notes["customer"],
        translated=_translated(notes),
        for_staff=notes["staff"],
        liftable="liftable" in notes,
        about=_about(found["action"]),
        where=one.where,
    )


def _translated(notes: dict[str, str]) -> dict[str, str]:
    found = ((_TRANSLATED.fullmatch(word), sentence) for word, sentence in notes.items())
    return {word[1]: sentence for word, sentence in found if word}


def _about(scope: dict[str, Any]) -> frozenset[str] | None:
    if scope["op"] == "All":
        return None
    entities = scope.get("entities") or [scope["entity"]]
    return frozenset(entity["id"] for entity in entities)
