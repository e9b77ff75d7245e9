"""Rows of the tree: leaves to come, tiles, checkpoints and keys."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import LiteralString

from psycopg.rows import DictRow

from prunella.audit.leaf import FIELDS, Raw
from prunella.audit.tiles import Place, Tile
from prunella.kit.house import Tx

_TURN = "select pg_try_advisory_xact_lock(7240003) as mine"
_NEWEST = "select max(seq) as seq from audit_entries"
_MY_XID = "select pg_current_xact_id()::text::bigint as xid"
_OLDEST_XID = "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as xid"
# Times that no clock of ours gives are shown as they are, so that changing them still shows.
RAW: LiteralString = """
select seq,
  case when isfinite(at) and at >= timestamptz '0001-01-02 00:00+00'
    then to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') else at::text end as at,
  actor_kind, actor_id, actor_role, verb, subject, customer, because,
  before::text as before, after::text as after
from audit_entries
"""
_RAW_BETWEEN = RAW + "where seq > %s and seq <= %s order by seq limit %s"
_RAW_ONE = RAW + "where seq = %s"
_TILES = """
select level, tile, hashes, seqs from audit_tiles
where (level, tile) in (select * from unnest(%s::int[], %s::bigint[]))
"""
_LAST_TILE = """
select level, tile, hashes, seqs from audit_tiles where level = 0 order by tile desc limit 1
"""
_TILE_OF = """
select level, tile, hashes, seqs from audit_tiles
where level = 0 and first_seq <= %s order by first_seq desc limit 1
"""
_PUT_TILE = """
insert into audit_tiles (level, tile, hashes, seqs, first_seq) values (%s, %s, %s, %s, %s)
on conflict (level, tile) do update set hashes = excluded.hashes, seqs = excluded.seqs
"""
_ADD_CHECKPOINT = "insert into audit_checkpoints (size, note) values (%s, %s)"
_CHECKPOINT = "select note from audit_checkpoints where size = %s"
_NEWEST_CHECKPOINT = "select note from audit_checkpoints order by size desc limit 1"
_ADD_KEY = "insert into audit_keys (vkey) values (%s) on conflict do nothing"
_KEYS = "select vkey from audit_keys order by vkey"


@dataclass(frozen=True, slots=True)
class End:
    """How far the log is sealed: leaves in the tree, and the number of the last of them."""

    size: int
    seq: int


async def take_turn(tx: Tx) -> bool:
    """Whether this transaction alone seals."""
    row = await tx.one(_TURN)
    return bool(row and row["mine"])


async def newest_entry(tx: Tx) -> int:
    row = await tx.one(_NEWEST)
    return int(row["seq"] or 0) if row else 0


async def my_xid(tx: Tx) -> int:
    """Return a transaction number above every one that was given until now."""
    row = await tx.one(_MY_XID)
    return int(row["xid"]) if row else 0


async def oldest_running_xid(tx: Tx) -> int:
    row = await tx.one(_OLDEST_XID)
    return int(row["xid"]) if row else 0


async def raw_between(tx: Tx, after: int, last: int, limit: int) -> list[Raw]:
    rows = await tx.all(_RAW_BETWEEN, (after, last, limit))
    return [raw_of(row) for row in rows]


async def raw_one(tx: Tx, seq: int) -> Raw | None:
    row = await tx.one(_RAW_ONE, (seq,))
    return raw_of(row) if row else None


async def end_of_tree(tx: Tx) -> End:
    row = await tx.one(_LAST_TILE)
    if row is None:
        return End(0, 0)
    tile = _tile(row)
    return End(tile.number * 256 + len(tile), tile.seqs[-1] if tile.seqs else 0)


async def tiles_at(tx: Tx, places: Iterable[Place]) -> dict[Place, Tile]:
    wanted = sorted(places)
    rows = await tx.all(_TILES, ([level for level, _ in wanted], [number for _, number in wanted]))
    return {(row["level"], row["tile"]): _tile(row) for row in rows}


async def tile_of_entry(tx: Tx, seq: int) -> Tile | None:
    """Return the tile of leaves in which this entry stands, if it is sealed."""
    row = await tx.one(_TILE_OF, (seq,))
    return _tile(row) if row else None


async def put_tiles(tx: Tx, tiles: Sequence[Tile]) -> None:
    rows = [
        (
            tile.level,
            tile.number,
            tile.hashes,
            list(tile.seqs) or None,
            tile.seqs[0] if tile.seqs else None,
        )
        for tile in tiles
    ]
    await tx.many(_PUT_TILE, rows)


async def add_checkpoint(tx: Tx, *, size: int, note: str) -> None:
    await tx.execute(_ADD_CHECKPOINT, (size, note))


async def checkpoint_of_size(tx: Tx, size: int) -> str | None:
    row = await tx.one(_CHECKPOINT, (size,))
    return row["note"] if row else None


async def newest_checkpoint(tx: Tx) -> str | None:
    row = await tx.one(_NEWEST_CHECKPOINT)
    return row["note"] if row else None


async def add_key(tx: Tx, vkey: str) -> None:
    await tx.execute(_ADD_KEY, (vkey,))


async def keys(tx: Tx) -> list[str]:
    return [row["vkey"] for row in await tx.all(_KEYS)]


def raw_of(row: DictRow) -> Raw:
    return [row[name] for name in FIELDS]


def _tile(row: DictRow) -> Tile:
    return Tile(row["level"], row["tile"], bytes(row["hashes"]), tuple(row["seqs"] or ()))
