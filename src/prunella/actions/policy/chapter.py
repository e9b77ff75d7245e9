"""The rules about one kind, put so that Cedar is quick with them; what they decide is the same.

Four things are done to them, none of which changes an answer. Rules of a chapter no longer say
which kind they are about. Words (who asks, whether it is disputed, which limits hold) are asked of
an entity that Cedar read once instead of the request's context. Records that are always there are
told flat, `charge.age_days` as one name. And first all rules are asked as one: only where that
one is missed, each is asked by its own name.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cedarpy

from prunella.actions.policy.asks import CONTEXT, Asked, asked_by
from prunella.actions.policy.decision import Decision
from prunella.actions.policy.reading import DERIVED, Reading
from prunella.actions.policy.rule import Rule

KNOWN_AS = {"type": "Known", "id": "known"}
ANY = "any"
_ENTITY = {"Value": {"__entity": KNOWN_AS}}
_EVERYTHING = {"op": "All"}
Statement = Mapping[str, Any]
"""A policy in Cedar's own JSON form, with its annotations."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """`together` has one rule that is missed where any is, `each` has them all by their names.

    `reading` is how the facts are told, `derived` what they ask of what follows from words.
    `allowed` is the decision where none is missed.
    """

    rules: tuple[Rule, ...]
    together: cedarpy.PolicySet
    each: cedarpy.PolicySet
    reading: Reading
    derived: Asked
    allowed: Decision

    @classmethod
    def of(cls, kind: str, statements: Sequence[Statement], rules: Sequence[Rule]) -> "Chapter":
        asked = asked_by(statements)
        reading = Reading.of(kind, asked)
        asking = _Asking(reading)
        named = {
            one["annotations"]["id"]: {
                **one,
                "annotations": {},
                "action": _EVERYTHING,
                "conditions": asking.of(one.get("conditions") or []),
            }
            for one in statements
        }
        mine = {rule.name: rule for rule in rules if rule.name in named}
        permits = {name: one for name, one in named.items() if name not in mine}
        return cls(
            rules=tuple(mine.values()),
            together=_set_of({**permits, ANY: _any([named[name] for name in mine])}),
            each=_set_of(named),
            reading=reading,
            derived={name: asked[name] for name in asked if name in DERIVED},
            allowed=_allowed(tuple(mine)),
        )


def _set_of(named: Mapping[str, Statement]) -> cedarpy.PolicySet:
    whole = {"staticPolicies": named, "templates": {}, "templateLinks": []}
    return cedarpy.PolicySet.from_json_str(json.dumps(whole))


@dataclass(frozen=True, slots=True)
class _Asking:
    """Has conditions ask for the same where the reading tells it."""

    reading: Reading

    def of(self, node: Any) -> Any:
        if isinstance(node, list):
            return [self.of(one) for one in node]
        if not isinstance(node, dict) or "Value" in node:
            return node
        operator, inside = next(iter(node.items()))
        if operator not in {".", "has"}:
            return {name: self.of(one) for name, one in node.items()}
        return self._access(operator, inside)

    def _access(self, operator: str, inside: dict[str, Any]) -> dict[str, Any]:
        left, name = inside["left"], inside["attr"]
        if left == CONTEXT:
            # A flat record is nowhere asked for as a whole, so this asks whether it is there.
            return {"Value": True} if name in self.reading.flat else self._told(operator, name)
        record = left.get(".")
        if record and record["left"] == CONTEXT and record["attr"] in self.reading.flat:
            return self._told(operator, f"{record['attr']}.{name}")
        return {operator: {**inside, "left": self.of(left)}}

    def _told(self, operator: str, name: str) -> dict[str, Any]:
        by_entity = name in self.reading.words or name.split(".", maxsplit=1)[0] in DERIVED
        return {operator: {"left": _ENTITY if by_entity else CONTEXT, "attr": name}}


def _any(rules: Sequence[Statement]) -> dict[str, Any]:
    """One rule that is missed where any of them is: `or` goes on until the first that is."""
    body = _joined("||", [_missed(one) for one in rules])
    scope = dict.fromkeys(("principal", "action", "resource"), _EVERYTHING)
    return {"effect": "forbid", **scope, "conditions": [{"kind": "when", "body": body}]}


def _missed(rule: Statement) -> dict[str, Any]:
    parts = [
        one["body"] if one["kind"] == "when" else {"!": {"arg": one["body"]}}
        for one in rule["conditions"]
    ]
    return _joined("&&", parts or [{"Value": True}])


def _joined(operator: str, parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Join them as a tree that is as flat as can be: Cedar reads only so many levels."""
    if not parts:
        return {"Value": False}
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return {
        operator: {
            "left": _joined(operator, parts[:half]),
            "right": _joined(operator, parts[half:]),
        }
    }


def _allowed(names: tuple[str, ...]) -> Decision:
    return Decision(
        verdict="allow",
        rules=names,
        explanation="This can be done right away.",
        explanation_for_staff=f"Every rule is kept: {', '.join(names)}.",
    )
