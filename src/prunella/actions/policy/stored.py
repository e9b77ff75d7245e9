"""Facts as they are kept with a decision, so that it can be judged again by other rules."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, get_args

from prunella.actions.policy.facts import Facts
from prunella.actions.policy.shown import shown


def to_json(facts: Facts) -> dict[str, Any]:
    return shown(facts)


def from_json(stored: Mapping[str, Any]) -> Facts:
    """Read them back. A fact that there is no more is left out, a newer one has its default."""
    found: Facts = _record(Facts, stored)
    return found


def _record(kind: Any, stored: Mapping[str, Any]) -> Any:
    given: dict[str, Any] = {}
    for one in fields(kind):
        inside = next((t for t in (*get_args(one.type), one.type) if is_dataclass(t)), None)
        if one.name not in stored:
            given |= {one.name: None} if type(None) in get_args(one.type) else {}
        elif inside:
            given[one.name] = _record(inside, stored[one.name])
        else:
            value = stored[one.name]
            given[one.name] = tuple(value) if isinstance(value, list) else value
    return kind(**given)
