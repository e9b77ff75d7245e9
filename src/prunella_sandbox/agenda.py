"""What falls due when: one entry for each purpose of an object, in the lane of its clock.

The truth is a journaled table, so that a rolled-back request also forgets what it armed; the heaps
only find the next entry, and pass over those that the table no longer knows. A lane is a test
clock's id; what is armed without one falls due by the world's own time.
"""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
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
        self._lane: str | None = None
        self._heaps: defaultdict[str | None, list[Due]] = defaultdict(list)
        self._sequence = itertools.count()

    @contextmanager
    def in_lane(self, lane: str | None) -> Iterator[None]:
        """Arm, while inside, what falls due by this clock."""
        before, self._lane = self._lane, lane
        try:
            yield
        finally:
            self._lane = before

    def arm(self, what: str, object_id: str, *, at: float) -> None:
        due = Due(at=at, sequence=next(self._sequence), what=what, object_id=object_id)
        self._store.put(TABLE, f"{what}:{object_id}", {"at": at, "sequence": due.sequence})
        heapq.heappush(self._heaps[self._lane], due)

    def disarm(self, what: str, object_id: str) -> None:
        if self._store.get(TABLE, f"{what}:{object_id}"):
            self._store.drop(TABLE, f"{what}:{object_id}")

    def upcoming(self, lane: str | None = None) -> Due | None:
        heap = self._heaps[lane]
        while heap and not self._stands(heap[0]):
            heapq.heappop(heap)
        return heap[0] if heap else None

    def _stands(self, due: Due) -> bool:
        entry = self._store.get(TABLE, f"{due.what}:{due.object_id}")
        return entry is not None and entry["sequence"] == due.sequence
