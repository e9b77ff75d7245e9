"""Everything the world remembers, with an undo journal.

Objects are plain dicts and are never changed in place: a change stores a new dict. So an undo
entry is the old reference, an event's snapshot costs nothing, and what a reader holds stays true
to the moment it was read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

Obj = dict[str, Any]
Entry = tuple[str, str, Obj | None]


class Store:
    def __init__(self) -> None:
        self._tables: defaultdict[str, dict[str, Obj]] = defaultdict(dict)
        self._journal: list[Entry] | None = None

    def table(self, kind: str) -> dict[str, Obj]:
        return self._tables[kind]

    def get(self, kind: str, object_id: str) -> Obj | None:
        return self._tables[kind].get(object_id)

    def put(self, kind: str, object_id: str, obj: Obj) -> None:
        self._remember(kind, object_id)
        self.table(kind)[object_id] = obj

    def drop(self, kind: str, object_id: str) -> None:
        self._remember(kind, object_id)
        self.table(kind).pop(object_id, None)

    def newest_first(self, kind: str) -> Iterator[Obj]:
        return iter(reversed(self.table(kind).values()))

    def begin(self) -> None:
        self._journal = []

    def commit(self) -> None:
        self._journal = None

    def roll_back(self) -> None:
        self.roll_back_to(0)
        self._journal = None

    def mark(self) -> int:
        """Name the present point of the running transaction."""
        return len(self._journal or ())

    def roll_back_to(self, mark: int) -> None:
        journal = self._journal or []
        for kind, object_id, before in reversed(journal[mark:]):
            if before is None:
                self.table(kind).pop(object_id, None)
            else:
                self.table(kind)[object_id] = before
        del journal[mark:]

    def _remember(self, kind: str, object_id: str) -> None:
        if self._journal is not None:
            self._journal.append((kind, object_id, self.get(kind, object_id)))
