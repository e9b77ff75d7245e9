"""Which facts a rule asks for: nothing else has to be shown to it. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Asked = dict[str, Any]
"""Names to what is asked within them; None is the whole of it."""

CONTEXT = {"Var": "context"}


class WholeContextError(ValueError):
    """A rule asks for single facts, like context.amount: name those that are meant."""


def asked_by(rules: Iterable[Mapping[str, Any]]) -> Asked:
    """Return what these rules, in Cedar's own form, ask for together.

    Raises `WholeContextError`.
    """
    found: Asked = {}
    for rule in rules:
        for path, whole in _paths([one["body"] for one in rule.get("conditions") or ()]):
            _add(found, path, whole=whole)
    return found


def _paths(node: Any) -> Iterator[tuple[list[str], bool]]:
    if node == CONTEXT:
        raise WholeContextError(WholeContextError.__doc__)
    if isinstance(node, list):
        for one in node:
            yield from _paths(one)
    if not isinstance(node, dict):
        return
    for operator, inside in node.items():
        path = _path(inside) if operator in {".", "has"} else None
        if path:
            yield path, operator == "."
        elif operator != "Value":
            yield from _paths(inside)


def _path(access: Any) -> list[str] | None:
    """Return the names that lead from `context` to here, None where it is something else's."""
    if access["left"] == CONTEXT:
        return [access["attr"]]
    before = _path(access["left"]["."]) if "." in access["left"] else None
    return [*before, access["attr"]] if before else None


def _add(found: Asked, path: list[str], *, whole: bool) -> None:
    for name in path[:-1]:
        inside: Asked | None = found.setdefault(name, {})
        if inside is None:  # the whole of it is asked for already
            return
        found = inside
    if whole:
        found[path[-1]] = None
    else:
        found.setdefault(path[-1], {})
