"""What many requests have in common, as Cedar holds it: read by it once, not with each of them."""

import json
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import cedarpy

from prunella.actions.policy.chapter import KNOWN_AS, Chapter
from prunella.actions.policy.facts import Facts
from prunella.actions.policy.fit import check_fit
from prunella.actions.policy.limits import Limits
from prunella.actions.policy.shown import context_of

MOST = 1_000
"""So many are held: who asks, for what, in which currency, are few; a client may say anything."""


@dataclass(frozen=True, slots=True)
class Words:
    """The entity that rules ask, and the rules as one by what it answers."""

    entities: cedarpy.Entities
    together: cedarpy.PolicySet


class Known:
    """What requests have in common, by the words that it is made of."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._held: dict[Any, Words] = {}

    def of(self, words: tuple[Any, ...], facts: Facts, chapter: Chapter) -> Words:
        """`words` are those that the chapter's reading found. Raises `UnfitError`."""
        key = (chapter.reading.kind, words)
        found = self._held.get(key)
        if found is None:
            check_fit(facts, kind=chapter.reading.kind)
            if len(self._held) >= MOST:
                self._held.clear()
            entities = self._read(words, facts, chapter)
            found = self._held[key] = Words(entities, chapter.together(entities))
        return found

    def _read(self, words: tuple[Any, ...], facts: Facts, chapter: Chapter) -> cedarpy.Entities:
        named = zip(chapter.reading.words, words, strict=True)
        told = {name: value for name, value in named if value is not None}
        if "currency" in told:
            told["currency"] = told["currency"].lower()
        told |= _flat(context_of(facts, self._limits, chapter.derived), chapter.reading.flat)
        entity = {"uid": KNOWN_AS, "attrs": told, "parents": []}
        return cedarpy.Entities.from_json_str(json.dumps([entity]))


def _flat(told: dict[str, Any], flat: AbstractSet[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in told.items():
        inside = {f"{name}.{one}": value[one] for one in value} if name in flat else {name: value}
        found |= inside
    return found
