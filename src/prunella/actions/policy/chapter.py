"""The rules about one kind, put so that Cedar is quick with them; what they decide is the same.

Four things are done to them, none of which changes an answer. Rules of a chapter no longer say
which kind they are about. What few words can tell (who asks, which limits hold) is asked of an
entity that Cedar read once instead of the request's context. Records that are always there are
told flat, `charge.age_days` as one name. And first all rules are asked as one: only where that
one is missed, each is asked by its own name.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import cedarpy

from prunella.actions.policy.asks import CONTEXT, Asked, asked_by
from prunella.actions.policy.decision import Decision
from prunella.actions.policy.facts import NEEDS, Facts
from prunella.actions.policy.rule import Rule

KNOWN = frozenset(
    {"kind", "possible", "gives", "asker", "flow", "automatic_stopped", "currency", "limits"}
)
KNOWN_AS = {"type": "Known", "id": "known"}
ANY = "any"
_PADDING = ("kind", "kind")
_EVERYTHING = {"op": "All"}
Statement = Mapping[str, Any]
"""A policy in Cedar's own JSON form, with its annotations."""


@dataclass(frozen=True, slots=True)
class Flat:
    """Facts within records that are always there, and the one name that each is told by."""

    names: tuple[str, ...]
    read: Callable[[Facts], tuple[Any, ...]]

    @classmethod
    def of(cls, asked: Asked, records: AbstractSet[str]) -> "Flat":
        names = tuple(f"{name}.{one}" for name in sorted(records) for one in asked[name] or ())
        # attrgetter returns a tuple of two and more alone.
        return cls(names, attrgetter(*names, *_PADDING))

    def told(self, facts: Facts) -> dict[str, Any]:
        """What is None is left out."""
        found = zip(self.names, self.read(facts), strict=False)
        return {name: value for name, value in found if value is not None}


@dataclass(frozen=True, slots=True)
class Chapter:
    """`together` has one rule that is missed where any is, `each` has them all by their names.

    `asked` is what they ask of the context, `flat` what of records that are always there; `known`
    what they ask of the entity. `allowed` is the decision where none is missed.
    """

    rules: tuple[Rule, ...]
    together: cedarpy.PolicySet
    each: cedarpy.PolicySet
    asked: Asked
    flat: Flat
    known: Asked
    allowed: Decision

    @classmethod
    def of(cls, kind: str, statements: Sequence[Statement], rules: Sequence[Rule]) -> "Chapter":
        asked = asked_by(statements)
        there = {name for name in NEEDS.get(kind, ()) if asked.get(name)}
        named = {
            one["annotations"]["id"]: {
                **one,
                "annotations": {},
                "action": _EVERYTHING,
                "conditions": _Asking(there).of(one.get("conditions") or []),
            }
            for one in statements
        }
        mine = {rule.name: rule for rule in rules if rule.name in named}
        permits = {name: one for name, one in named.items() if name not in mine}
        return cls(
            rules=tuple(mine.values()),
            together=_set_of({**permits, ANY: _any([named[name] for name in mine])}),
            each=_set_of(named),
            asked={name: asked[name] for name in asked if name not in KNOWN | there},
            flat=Flat.of(asked, there),
            known={name: asked[name] for name in asked if name in KNOWN},
            allowed=_allowed(tuple(mine)),
        )


def _set_of(named: Mapping[str, Statement]) -> cedarpy.PolicySet:
    whole = {"staticPolicies": named, "templates": {}, "templateLinks": []}
    return cedarpy.PolicySet.from_json_str(json.dumps(whole))


@dataclass(frozen=True, slots=True)
class _Asking:
    """Has conditions ask for the same elsewhere. `there` are the records that are told flat."""

    there: AbstractSet[str]

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
        if left == CONTEXT and name in KNOWN:
            return {operator: {"left": {"Value": {"__entity": KNOWN_AS}}, "attr": name}}
        if left == CONTEXT and name in self.there:  # a record is nowhere asked for as a whole
            return {"Value": True}
        record = left.get(".")
        if record and record["left"] == CONTEXT and record["attr"] in self.there:
            return {operator: {"left": CONTEXT, "attr": f"{record['attr']}.{name}"}}
        return {operator: {**inside, "left": self.of(left)}}


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
