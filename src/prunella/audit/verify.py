"""Does the log still say what was sealed? Entries, stored tree and signed heads compared. Pure.

Entries and leaves are read once, side by side, each in the order of their numbers. The roots that
both lead to are compared with every checkpoint's, so that it can be said who was changed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from prunella.audit.checkpoint import Checkpoint
from prunella.audit.merkle import Growing
from prunella.audit.tiles import DamagedTreeError, Edge, Leaf, Place, Tile

Kind = Literal["changed", "missing", "added", "cut", "rewritten", "tree", "unsigned"]
_WORDS: Mapping[Kind, str] = {
    "changed": "Entry {seq} was changed after it was sealed.",
    "missing": "Entry {seq} was sealed, and is no longer there.",
    "added": "Entry {seq} was put in between entries that were sealed before.",
    "cut": "The end was cut off: {size} entries were signed for, and the last here is {seq}.",
    "rewritten": "The log was rewritten: the first wrong entry is one from {seq} to {until}.",
    "tree": "The entries are as they were signed, but the stored tree is damaged at entry {seq}.",
    "unsigned": "Entries from {seq} on are in the stored tree, and no checkpoint signs them.",
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong first: the number of the entry, and what was done to it."""

    kind: Kind
    seq: int
    until: int = 0
    size: int = 0

    def __str__(self) -> str:
        return _WORDS[self.kind].format(seq=self.seq, until=self.until, size=self.size)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`sealed` entries were compared with the tree; `waiting` ones are not in it yet."""

    sealed: int
    waiting: int
    checkpoints: int
    wrong: Wrong | None


@dataclass(slots=True)
class _Heads:
    """One way of reading the log, against the heads that were signed for it."""

    checkpoints: Sequence[Checkpoint]
    tree: Growing = field(default_factory=Growing)
    last_seq: int = 0
    good: int = 0
    good_seq: int = 0
    bad: Checkpoint | None = None
    bad_seq: int = 0
    _next: int = 0

    def append(self, leaf: Leaf) -> None:
        self.tree.append(leaf.hash)
        self.last_seq = leaf.seq
        while self._next < len(self.checkpoints) and self._due == self.tree.size:
            self._compare(self.checkpoints[self._next])
            self._next += 1

    def copy(self) -> "_Heads":
        return _Heads(
            checkpoints=self.checkpoints,
            tree=self.tree.copy(),
            last_seq=self.last_seq,
            good=self.good,
            good_seq=self.good_seq,
            bad=self.bad,
            bad_seq=self.bad_seq,
            _next=self._next,
        )

    @property
    def unmet(self) -> Checkpoint | None:
        """The first checkpoint that is larger than what is there."""
        return self.checkpoints[self._next] if self._next < len(self.checkpoints) else None

    @property
    def holds(self) -> bool:
        return self.bad is None and self.unmet is None

    @property
    def _due(self) -> int:
        return self.checkpoints[self._next].size

    def _compare(self, checkpoint: Checkpoint) -> None:
        if self.bad is not None:
            return
        if checkpoint.root == self.tree.root():
            self.good, self.good_seq = self.tree.size, self.last_seq
        else:
            self.bad, self.bad_seq = checkpoint, self.last_seq


def verify(
    entries: Iterable[Leaf],
    leaves: Iterable[Leaf],
    checkpoints: Sequence[Checkpoint],
    upper: Mapping[Place, Tile] | None = None,
) -> Verdict:
    """Compare the entries as they are with the leaves as they were sealed.

    `checkpoints` are of this log, signed, ordered by size. `upper` holds the stored tiles above
    the leaves, where there are any to compare.
    """
    walk = _Walk(_Heads(checkpoints), upper)
    waiting = walk.go(iter(entries), iter(leaves))
    return Verdict(walk.told.tree.size, waiting, len(checkpoints), walk.judge())


class _Walk:
    """Reads both side by side; `told` is the stored tree, `seen` what the entries say.

    They are one as long as there is no difference.
    """

    def __init__(self, heads: _Heads, upper: Mapping[Place, Tile] | None) -> None:
        self.told = self.seen = heads
        self.first: Wrong | None = None
        self._first_index = 0
        self._damaged_at: int | None = None
        self._edge = Edge(0, {}) if upper is not None else None
        self._upper = dict(upper or {})

    def go(self, entries: Iterator[Leaf], leaves: Iterator[Leaf]) -> int:
        """Walk to the end of both; returns how many entries no leaf speaks of."""
        entry = next(entries, None)
        for leaf in self._unbroken(leaves):
            while entry is not None and entry.seq < leaf.seq:
                self._differ("added", entry.seq)
                self.seen.append(entry)
                entry = next(entries, None)
            met = entry is not None and entry.seq == leaf.seq
            if not met:
                self._differ("missing", leaf.seq)
            elif entry != leaf:
                self._differ("changed", leaf.seq)
            self._tell(leaf)
            if met and entry is not None:
                if self.seen is not self.told:
                    self.seen.append(entry)
                entry = next(entries, None)
        self._compare_upper(self._edge.partial() if self._edge else [])
        return self._finish(entry, entries)

    def judge(self) -> Wrong | None:
        """Say who was changed: what agrees with the signed heads is right."""
        if self.seen.holds:
            return self._of_the_tree()
        if self.first is not None and self._first_index < self.told.good:
            return self.first
        if self.seen.bad is None:
            size = self.seen.unmet.size if self.seen.unmet else 0
            return Wrong("cut", self.seen.last_seq, size=size)
        until = min(self.seen.bad_seq, self.first.seq if self.first else self.seen.bad_seq)
        return Wrong("rewritten", self.seen.good_seq + 1, until=max(until, self.seen.good_seq + 1))

    def _of_the_tree(self) -> Wrong | None:
        """The entries are right; what about the tree that is stored beside them?"""
        if self.first is not None:
            is_signed = self._first_index < self.told.good or not self.told.holds
            return Wrong("tree", self.first.seq) if is_signed else self.first
        if self._damaged_at is not None:
            return Wrong("tree", self._damaged_at)
        if not self.told.holds:
            return Wrong("tree", self.told.last_seq)
        if self.told.tree.size > self.told.good:
            return Wrong("unsigned", self.told.good_seq + 1)
        return None

    def _tell(self, leaf: Leaf) -> None:
        self.told.append(leaf)
        if self._edge is not None:
            self._compare_upper(self._edge.append(leaf))

    def _compare_upper(self, tiles: Iterable[Tile]) -> None:
        for tile in tiles:
            if tile.level and self._upper.pop((tile.level, tile.number), None) != tile:
                self._damage()

    def _differ(self, kind: Kind, seq: int) -> None:
        if self.first is None:
            self.first, self._first_index = Wrong(kind, seq), self.told.tree.size
            self.seen = self.told.copy()

    def _unbroken(self, leaves: Iterator[Leaf]) -> Iterator[Leaf]:
        """Give the leaves as long as they are in order and of the right shape."""
        last = 0
        try:
            for leaf in leaves:
                if leaf.seq <= last:
                    break
                last = leaf.seq
                yield leaf
            else:
                return
        except DamagedTreeError:
            pass
        self._damage()

    def _damage(self) -> None:
        if self._damaged_at is None:
            self._damaged_at = self.told.last_seq

    def _finish(self, entry: Leaf | None, entries: Iterator[Leaf]) -> int:
        if self._upper:
            self._damage()
        waiting = 0
        if self.first is None and (self.told.unmet or self._damaged_at is not None):
            self.seen = self.told.copy()
        while entry is not None:
            waiting += 1
            if self.seen is not self.told:
                self.seen.append(entry)
            entry = next(entries, None)
        return waiting
