"""Everything the world remembers, with an undo journal.

Objects are plain dicts and are never changed in place: a change stores a new dict. So an undo
entry is the old reference, an event's snapshot costs nothing, and what a reader holds stays true
to the moment it was read.

Who asks for the objects of one owner is answered from an index that is made at the first such
question and kept from then on: a year of a thousand customers is a hundred thousand objects.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

Obj = dict[str, Any]
Entry = tuple[str, str, Obj | None]
Index = defaultdict[object, set[str]]


class Store:
    def __init__(self) -> None:
        self._tables: defaultdict[str, dict[str, Obj]] = defaultdict(dict)
        self._journal: list[Entry] | None = None
        self._indexes: defaultdict[str, dict[str, Index]] = defaultdict(dict)
        self._places: dict[tuple[str, str], int] = {}
        self._placed = itertools.count()

    def table(self, kind: str) -> dict[str, Obj]:
        return self._tables[kind]

    def get(self, kind: str, object_id: str) -> Obj | None:
        return self._tables[kind].get(object_id)

    def put(self, kind: str, object_id: str, obj: Obj) -> None:
        self._remember(kind, object_id)
        self._set(kind, object_id, obj)

    def drop(self, kind: str, object_id: str) -> None:
        self._remember(kind, object_id)
        self._set(kind, object_id, None)

    def newest_first(self, kind: str) -> Iterator[Obj]:
        return iter(reversed(self.table(kind).values()))

    def newest_first_of(self, kind: str, name: str, value: str) -> Iterator[Obj]:
        """Go through the objects whose field `name` holds this text, and no others."""
        if name not in self._indexes[kind]:
            self._indexes[kind][name] = self._indexed(kind, name)
        found = self._indexes[kind][name].get(value, ())
        table = self.table(kind)
        places = sorted(((self._places[kind, one], one) for one in found), reverse=True)
        return iter([table[one] for _, one in places])

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
            self._set(kind, object_id, before)
        del journal[mark:]

    def _remember(self, kind: str, object_id: str) -> None:
        if self._journal is not None:
            self._journal.append((kind, object_id, self.get(kind, object_id)))

    def _set(self, kind: str, object_id: str, obj: Obj | None) -> None:
        """Every change of a table, so that the indexes change with it."""
        table = self.table(kind)
        before = table.get(object_id)
        if obj is None:
            table.pop(object_id, None)
            self._places.pop((kind, object_id), None)
        else:
            table[object_id] = obj
        if obj is not None and before is None:
            self._places[kind, object_id] = next(self._placed)
        for name, index in self._indexes[kind].items():
            if before is not None:
                _leave(index, _text(before, name), object_id)
            if obj is not None:
                index[_text(obj, name)].add(object_id)

    def _indexed(self, kind: str, name: str) -> Index:
        index: Index = defaultdict(set)
        for object_id, obj in self.table(kind).items():
            index[_text(obj, name)].add(object_id)
        return index


def _text(obj: Obj, name: str) -> str | None:
    value = obj.get(name)
    return value if isinstance(value, str) else None


def _leave(index: Index, value: str | None, object_id: str) -> None:
    index[value].discard(object_id)
    if not index[value]:
        del index[value]
