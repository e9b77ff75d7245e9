"""What words alone decide within rules: asked of Cedar once for all requests that share them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import cedarpy

SCOPE = {name: {"op": "All"} for name in ("principal", "action", "resource")}
_ASKED = {name: {"type": "Any", "id": "any"} for name in SCOPE}
_OF_REQUEST = '{"Var": '
"""In a text this is what differs from request to request: within a literal it has backslashes."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The largest parts of a condition that ask no figure, as texts, and rules that ask for each.

    A part that Cedar gives neither yes nor no to stays as it is: it is no question, or it may only
    be asked where another was answered.
    """

    parts: tuple[str, ...]
    asked: cedarpy.PolicySet

    @classmethod
    def of(cls, condition: Any) -> "Settled":
        parts = tuple(dict.fromkeys(_parts(condition)))
        rules = {
            f"{answer} {n}": {
                "effect": "permit",
                **SCOPE,
                "conditions": [{"kind": kind, "body": json.loads(part)}],
            }
            for n, part in enumerate(parts)
            for answer, kind in (("yes", "when"), ("no", "unless"))
        }
        return cls(parts, set_of(rules))

    def by(self, known: cedarpy.Entities) -> Mapping[str, bool]:
        """Return what Cedar answers to each part, where these are the words."""
        given = set(cedarpy.is_authorized(_ASKED, self.asked, known).diagnostics.reasons)
        answers = {"yes": True, "no": False}
        return {
            part: answers[answer]
            for n, part in enumerate(self.parts)
            for answer in answers
            if f"{answer} {n}" in given
        }


def settle(node: Any, answers: Mapping[str, bool]) -> Any:
    """Return the condition with these answers in place of the parts."""
    if isinstance(node, list):
        return [settle(one, answers) for one in node]
    if not isinstance(node, dict) or "Value" in node:
        return node
    answer = answers.get(json.dumps(node))
    if answer is not None:
        return {"Value": answer}
    return {name: settle(one, answers) for name, one in node.items()}


def set_of(named: Mapping[str, Mapping[str, Any]]) -> cedarpy.PolicySet:
    whole = {"staticPolicies": named, "templates": {}, "templateLinks": []}
    return cedarpy.PolicySet.from_json_str(json.dumps(whole))


def _parts(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _parts(one)
    elif isinstance(node, dict) and "Value" not in node:
        text = json.dumps(node)
        if _OF_REQUEST not in text:
            yield text
            return
        for name, one in node.items():
            yield from () if name == "pattern" else _parts(one)
