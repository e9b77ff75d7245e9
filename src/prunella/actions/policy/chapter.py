"""The rules about one kind, put so that Cedar is quick with them; what they decide is the same.

Five things are done to them, none of which changes an answer. Rules of a chapter no longer say
which kind they are about. Words (who asks, whether it is disputed, which limits hold) are asked of
an entity that Cedar read once instead of the request's context. Records that are always there are
told flat, `charge.age_days` as one name. First all rules are asked as one: only where that one is
missed, each is asked by its own name. And in that one stand Cedar's answers to what words alone
decide, once for all who share them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import cedarpy

from prunella.actions.policy.asks import CONTEXT, Asked, asked_by
from prunella.actions.policy.decision import Decision
from prunella.actions.policy.reading import DERIVED, Reading
from prunella.actions.policy.rule import Rule
from prunella.actions.policy.settled import SCOPE, Settled, set_of, settle

KNOWN_AS = {"type": "Known", "id": "known"}
ANY = "any"
_ENTITY = {"Value": {"__entity": KNOWN_AS}}
_MOST = 100
"""So many sets of answers are held; those who ask give few."""
Statement = Mapping[str, Any]
"""A policy in Cedar's own JSON form, with its annotations."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """`each` has all rules by name, `permits` what they forbid, `all_kept` asks for them all.

    `reading` is how the facts are told, `derived` what they ask of what follows from words.
    `allowed` is the decision where none is missed.
    """

    rules: tuple[Rule, ...]
    permits: Mapping[str, Statement]
    all_kept: Any
    each: cedarpy.PolicySet
    settled: Settled
    reading: Reading
    derived: Asked
    allowed: Decision
    _held: dict[frozenset[tuple[str, bool]], cedarpy.PolicySet] = field(default_factory=dict)

    @classmethod
    def of(cls, kind: str, statements: Sequence[Statement], rules: Sequence[Rule]) -> "Chapter":
        asked = asked_by(statements)
        reading = Reading.of(kind, asked)
        asking = _Asking(reading)
        named = {
            one["annotations"]["id"]: {
                **one,
                "annotations": {},
                "action": SCOPE["action"],
                "conditions": asking.of(one.get("conditions") or []),
            }
            for one in statements
        }
        mine = {rule.name: rule for rule in rules if rule.name in named}
        all_kept = _all_kept([named[name] for name in mine])
        return cls(
            rules=tuple(mine.values()),
            permits={name: one for name, one in named.items() if name not in mine},
            all_kept=all_kept,
            each=set_of(named),
            settled=Settled.of(all_kept),
            reading=reading,
            derived={name: asked[name] for name in asked if name in DERIVED},
            allowed=_allowed(tuple(mine)),
        )

    def together(self, known: cedarpy.Entities) -> cedarpy.PolicySet:
        """Return one rule that is missed where any is, for those who have these words."""
        answers = self.settled.by(known)
        key = frozenset(answers.items())
        found = self._held.get(key)
        if found is None:
            if len(self._held) >= _MOST:
                self._held.clear()
            kept = {"kind": "unless", "body": settle(self.all_kept, answers)}
            missed = {"effect": "forbid", **SCOPE, "conditions": [kept]}
            found = self._held[key] = set_of({**self.permits, ANY: missed})
        return found


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


def _all_kept(rules: Sequence[Statement]) -> dict[str, Any]:
    """Return what is true where each is kept: `and` goes on until the first that is not."""
    return _joined("&&", [_kept(one) for one in rules] or [{"Value": True}])


def _kept(rule: Statement) -> dict[str, Any]:
    parts = [
        one["body"] if one["kind"] == "unless" else {"!": {"arg": one["body"]}}
        for one in rule["conditions"]
    ]
    return _joined("||", parts or [{"Value": False}])


def _joined(operator: str, parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Join them as a tree that is as flat as can be: Cedar reads only so many levels."""
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
