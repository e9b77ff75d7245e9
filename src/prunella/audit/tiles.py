"""The tree as it is stored: tiles of up to 256 hashes. Pure.

Level 0 holds the leaves; a hash of level n stands for 256 ** n leaves that are all there. A tile
that is full never changes again, and a proof reads one or two tiles a level.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from prunella.audit.merkle import EMPTY_ROOT, HASH_BYTES, Growing, node_hash, split

HEIGHT = 8
WIDTH = 1 << HEIGHT
Place = tuple[int, int]
"""Level and number of a tile."""


class DamagedTreeError(Exception):
    """The stored tree of the audit log lacks a part, or one has the wrong shape."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """The hash of one entry, by the entry's number."""

    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Tile:
    """`seqs` are the entries of a tile of level 0; other levels have none."""

    level: int
    number: int
    hashes: bytes
    seqs: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.hashes) // HASH_BYTES

    def leaves(self) -> list[Leaf]:
        cut = [self.hashes[at : at + HASH_BYTES] for at in range(0, len(self.hashes), HASH_BYTES)]
        return [Leaf(seq, one) for seq, one in zip(self.seqs, cut, strict=True)]


def levels_of(size: int) -> int:
    """How many levels a tree of this size has tiles at."""
    levels = 1
    while size >> (HEIGHT * levels):
        levels += 1
    return levels


def edge_places(size: int) -> list[Place]:
    """Where the next leaf, and the hashes that it completes, will stand."""
    return [(level, size >> (HEIGHT * (level + 1))) for level in range(levels_of(size))]


def places(*, indices: Iterable[int] = (), sizes: Iterable[int]) -> set[Place]:
    """Return the tiles that proofs about these leaves in trees of these sizes read."""
    known = list(sizes)
    last = [size - 1 for size in known if size]
    return {
        (level, at >> (HEIGHT * (level + 1)))
        for level in range(levels_of(max(known)))
        for at in (*indices, *known, *last)
    }


class Edge:
    """The right edge of a tree: it takes in leaves and hands back the tiles that changed."""

    def __init__(self, size: int, tiles: Mapping[Place, Tile]) -> None:
        """Raise `DamagedTreeError` unless the edge of that size is all there."""
        self.size = size
        self._hashes: list[bytearray] = []
        self._seqs: list[int] = []
        for level, number in edge_places(size):
            count = (size >> (HEIGHT * level)) % WIDTH
            tile = tiles.get((level, number))
            hashes = tile.hashes if tile else b""
            if len(hashes) != count * HASH_BYTES:
                raise DamagedTreeError
            self._hashes.append(bytearray(hashes))
            if level == 0 and tile:
                self._seqs = list(tile.seqs)

    def append(self, leaf: Leaf) -> Iterator[Tile]:
        """Take in a leaf; gives each tile that it filled."""
        self._seqs.append(leaf.seq)
        self.size += 1
        level, up = 0, leaf.hash
        while True:
            if level == len(self._hashes):
                self._hashes.append(bytearray())
            edge = self._hashes[level]
            edge += up
            if len(edge) < WIDTH * HASH_BYTES:
                return
            tile = self._tile(level, (self.size >> (HEIGHT * (level + 1))) - 1)
            yield tile
            up = fold(tile.hashes)
            edge.clear()
            if level == 0:
                self._seqs.clear()
            level += 1

    def partial(self) -> list[Tile]:
        """Return the tiles that are begun and not full."""
        return [
            self._tile(level, self.size >> (HEIGHT * (level + 1)))
            for level, hashes in enumerate(self._hashes)
            if hashes
        ]

    def root(self) -> bytes:
        peaks: list[bytes] = []
        for hashes in reversed(self._hashes):
            growing = Growing()
            for at in range(0, len(hashes), HASH_BYTES):
                growing.append(bytes(hashes[at : at + HASH_BYTES]))
            peaks += growing.peaks
        return Growing(self.size, peaks).root()

    def _tile(self, level: int, number: int) -> Tile:
        seqs = tuple(self._seqs) if level == 0 else ()
        return Tile(level, number, bytes(self._hashes[level]), seqs)


def fold(hashes: bytes) -> bytes:
    """Return the root of these hashes, a power of two of them."""
    row: Sequence[bytes] = [
        hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)
    ]
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


class Tiles:
    """Tiles that were read, and the hashes of any part of the tree that they hold."""

    def __init__(self, tiles: Mapping[Place, Tile]) -> None:
        self._tiles = tiles

    def root(self, size: int) -> bytes:
        return self.root_of(0, size) if size else EMPTY_ROOT

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Return the path of a leaf in the tree of that size, from the leaf up."""
        path: list[bytes] = []
        start, end = 0, size
        while end - start > 1:
            middle = start + split(end - start)
            if index < middle:
                path.append(self.root_of(middle, end))
                end = middle
            else:
                path.append(self.root_of(start, middle))
                start = middle
        return path[::-1]

    def consistency(self, old_size: int, size: int) -> list[bytes]:
        """Return the proof that the tree of `size` begins with that of `old_size`."""
        path: list[bytes] = []
        start, end, whole = 0, size, True
        while old_size != end:
            middle = start + split(end - start)
            if old_size <= middle:
                path.append(self.root_of(middle, end))
                end = middle
            else:
                path.append(self.root_of(start, middle))
                start, whole = middle, False
        if not whole:
            path.append(self.root_of(start, end))
        return path[::-1]

    def root_of(self, start: int, end: int) -> bytes:
        size = end - start
        if size & (size - 1) == 0:
            return self._node(size.bit_length() - 1, start)
        middle = start + split(size)
        return node_hash(self.root_of(start, middle), self.root_of(middle, end))

    def _node(self, height: int, start: int) -> bytes:
        level, above = divmod(height, HEIGHT)
        at = start >> (HEIGHT * level)
        tile = self._tiles.get((level, at >> HEIGHT))
        first, count = at % WIDTH, 1 << above
        if tile is None or len(tile) < first + count:
            raise DamagedTreeError
        return fold(tile.hashes[first * HASH_BYTES : (first + count) * HASH_BYTES])
