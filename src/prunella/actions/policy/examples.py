"""Worked examples beside the rules: what is asked, and what has to be decided. Pure.

A text where a whole number is expected is an amount in major units: `captured = "400.00"`.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, get_args

from prunella.actions.policy.decision import Decision
from prunella.actions.policy.facts import Facts
from prunella.actions.policy.policy import Policy
from prunella.actions.policy.stored import from_json
from prunella.kit.money import Money, MoneyError
from prunella.settings import Content, ContentError

FOLDER = "policy/examples/"
VERDICTS = ("allow", "needs_approval", "deny")
_ABOUT_IT = frozenset({"name", "verdict", "rules"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """`rules` are those that have to be missed, in any order; None where that is not said."""

    name: str
    where: str
    facts: Facts
    verdict: str
    rules: frozenset[str] | None

    def agrees(self, decision: Decision) -> bool:
        missed = frozenset() if decision.verdict == "allow" else frozenset(decision.rules)
        return decision.verdict == self.verdict and self.rules in {None, missed}


@dataclass(frozen=True, slots=True)
class Tried:
    """An example, and what the policy says of it."""

    example: Example
    decision: Decision

    @property
    def right(self) -> bool:
        return self.example.agrees(self.decision)


def try_examples(policy: Policy, content: Content) -> list[Tried]:
    """Raises `ContentError` with everything that is wrong with the examples, in words."""
    return [Tried(one, policy.judge(one.facts)) for one in read_examples(content)]


def read_examples(content: Content) -> list[Example]:
    found: list[Example] = []
    problems: list[str] = []
    for file in sorted(content.files):
        if file.startswith(FOLDER) and file.endswith(".toml"):
            for one in _of_file(content, file):
                if isinstance(one, Example):
                    found.append(one)
                else:
                    problems.append(one)
    if problems:
        raise ContentError("\n".join(problems))
    return found


def _of_file(content: Content, file: str) -> Iterator[Example | str]:
    try:
        tables = tomllib.loads(content.text(file))
    except tomllib.TOMLDecodeError as error:
        yield f"{content.folder / file}: {error}. Correct the line, then try again"
        return
    given = tables.get("given", {})
    for table in tables.get("example", []):
        name = str(table.get("name") or "")
        where = f"{content.folder / file}:{content.line_of(file, name or '[[example]]')}"
        try:
            yield _example(_merged(given, table), name=name, where=where)
        except (TypeError, ValueError) as error:
            yield f"{where}: {error}: correct the example {name or 'without a name'}"


def _example(table: Mapping[str, Any], *, name: str, where: str) -> Example:
    """Raises `ValueError` or `TypeError` in words."""
    if not name or table.get("verdict") not in VERDICTS:
        message = f"an example has a name and a verdict, one of {', '.join(VERDICTS)}"
        raise ValueError(message)
    stored = {key: value for key, value in table.items() if key not in _ABOUT_IT}
    currency = str(stored.get("currency", "usd"))
    rules = table.get("rules")
    return Example(
        name=name,
        where=where,
        facts=from_json(_counted(Facts, stored, currency)),
        verdict=table["verdict"],
        rules=None if rules is None else frozenset(rules),
    )


def _counted(kind: Any, stored: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Read amounts, and refuse facts that there are not."""
    types = {one.name: one.type for one in fields(kind)}
    strange = sorted(set(stored) - set(types))
    if strange:
        message = f"there is no fact called {strange[0]}: use {', '.join(types)}"
        raise ValueError(message)
    return {name: _value(types[name], value, currency) for name, value in stored.items()}


def _value(type_: Any, value: Any, currency: str) -> Any:
    inside = next((one for one in (type_, *get_args(type_)) if is_dataclass(one)), None)
    if inside:
        return _counted(inside, value, currency)
    if isinstance(value, dict):
        return {name: _amount(amount, name) for name, amount in value.items()}
    wants_number = int in (type_, *get_args(type_))
    return _amount(value, currency) if wants_number else value


def _amount(value: Any, currency: str) -> int:
    if isinstance(value, int):
        return value
    try:
        return Money.from_major(str(value), currency).amount
    except MoneyError as error:
        message = f"{value} is no amount in {currency}"
        raise ValueError(message) from error


def _merged(given: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    """What every example of the file begins with, and what this one says otherwise."""
    merged = dict(given)
    for name, value in table.items():
        inside = isinstance(value, dict) and isinstance(merged.get(name), dict)
        merged[name] = _merged(merged[name], value) if inside else value
    return merged
