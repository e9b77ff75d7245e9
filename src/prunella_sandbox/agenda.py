"""What falls due when: one entry for each purpose of an object.

The truth is a journaled table, so that a rolled-back request also forgets what it armed; the heap
only finds the next entry, and passes over those that the table no longer knows.
"""

from __future__ import annotations

import heapq
import itertools
from typing import NamedTuple

from prunella_sandbox.store import Store

TABLE = "_agenda"


class Due(NamedTuple):
    at: float
    sequence: int
    what: str
    object_id: str


class Agenda:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._heap: list[Due] = []
        self._sequence = itertools.count()

    def arm(self, what: str, object_id: str, *, at: float) -> None:
        due = Due(at=at, sequence=next(self._sequence), what=what, object_id=object_id)
        self._store.put(TABLE, f"{what}:{object_id}", {"at": at, "sequence": due.sequence})
        heapq.heappush(self._heap, due)

    def disarm(self, what: str, object_id: str) -> None:
        if self._store.get(TABLE, f"{what}:{object_id}"):
            self._store.drop(TABLE, f"{what}:{object_id}")

    def upcoming(self) -> Due | None:
        while self._heap and not self._stands(self._heap[0]):
            heapq.heappop(self._heap)
        return self._heap[0] if self._heap else None

    def _stands(self, due: Due) -> bool:
        entry = self._store.get(TABLE, f"{due.what}:{due.object_id}")
        return entry is not None and entry["sequence"] == due.sequence
