"""Reading the whole log for `verify` and `export`: one snapshot, a few thousand rows at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import Connection, IsolationLevel
from psycopg.rows import TupleRow, tuple_row

from prunella.audit.leaf import Raw, line
from prunella.audit.merkle import HASH_BYTES, leaf_hash
from prunella.audit.store_tree import RAW
from prunella.audit.tiles import WIDTH, DamagedTreeError, Leaf, Place, Tile

A_FETCH = 4_000
TILES_A_FETCH = 32
_ALL = RAW + "order by seq"
_LEAVES = """
select level, tile, hashes, seqs, first_seq from audit_tiles where level = 0 order by tile
"""
_UPPER = "select level, tile, hashes, seqs, first_seq from audit_tiles where level <> 0"
_CHECKPOINTS = "select size, note from audit_checkpoints order by size"
_KEYS = "select vkey from audit_keys order by vkey"


@contextmanager
def snapshot(url: str) -> Iterator[Connection[TupleRow]]:
    """Open a transaction that sees one moment of the log and may change nothing."""
    with psycopg.connect(url, row_factory=tuple_row) as conn:
        conn.isolation_level = IsolationLevel.REPEATABLE_READ
        conn.read_only = True
        yield conn


def raws(conn: Connection[TupleRow]) -> Iterator[Raw]:
    with conn.cursor(name="audit_entries") as cursor:
        cursor.itersize = A_FETCH
        yield from cursor.execute(_ALL)


def entries(conn: Connection[TupleRow]) -> Iterator[Leaf]:
    """Every entry as it is now, by its number."""
    for raw in raws(conn):
        yield Leaf(int(raw[0] or 0), leaf_hash(line(raw)))


def leaves(conn: Connection[TupleRow]) -> Iterator[Leaf]:
    """Every leaf as it was sealed; raises `DamagedTreeError` at a tile of the wrong shape."""
    with conn.cursor(name="audit_leaves") as cursor:
        cursor.itersize = TILES_A_FETCH
        before = WIDTH
        for number, row in enumerate(cursor.execute(_LEAVES)):
            tile = _tile(row)
            if tile.number != number or before != WIDTH:
                raise DamagedTreeError
            before = len(tile)
            yield from tile.leaves()


def upper(conn: Connection[TupleRow]) -> dict[Place, Tile]:
    """The tiles above the leaves: one for each 65,536 entries, and a few."""
    found: dict[Place, Tile] = {}
    for row in conn.execute(_UPPER):
        try:
            tile = _tile(row)
        except DamagedTreeError:
            tile = Tile(row[0], row[1], b"")
        found[tile.level, tile.number] = tile
    return found


def checkpoints(conn: Connection[TupleRow]) -> list[tuple[int, str]]:
    return [(size, note) for size, note in conn.execute(_CHECKPOINTS)]


def keys(conn: Connection[TupleRow]) -> list[str]:
    return [vkey for (vkey,) in conn.execute(_KEYS)]


def _tile(row: TupleRow) -> Tile:
    level, number, hashes, seqs, first_seq = row
    tile = Tile(level, number, bytes(hashes), tuple(seqs or ()))
    is_whole = 0 < len(tile) <= WIDTH and len(tile.hashes) % HASH_BYTES == 0
    if not is_whole or len(tile.seqs) != (0 if level else len(tile)):
        raise DamagedTreeError
    if first_seq != (tile.seqs[0] if tile.seqs else None):
        raise DamagedTreeError
    return tile
