"""What many requests have in common, as Cedar holds it: read by it once, not with each of them."""

import json
from typing import Any

import cedarpy

from prunella.actions.policy.chapter import KNOWN_AS, Chapter
from prunella.actions.policy.facts import Facts
from prunella.actions.policy.limits import Limits
from prunella.actions.policy.shown import context_of

MOST = 1_000
"""So many are held: who asks, for what, in which currency, are few; a client may say anything."""


class Known:
    """The entities that rules ask, by the words that they are made of."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._held: dict[Any, cedarpy.Entities] = {}

    def of(self, facts: Facts, chapter: Chapter, *, kind: str) -> cedarpy.Entities:
        words = (
            kind,
            facts.kind,
            facts.asker,
            facts.flow,
            facts.automatic_stopped,
            facts.currency,
        )
        found = self._held.get(words)
        if found is None:
            if len(self._held) >= MOST:
                self._held.clear()
            found = self._held[words] = self._read(facts, chapter)
        return found

    def _read(self, facts: Facts, chapter: Chapter) -> cedarpy.Entities:
        attributes = context_of(facts, self._limits, chapter.known)
        entity = {"uid": KNOWN_AS, "attrs": attributes, "parents": []}
        return cedarpy.Entities.from_json_str(json.dumps([entity]))
