"""Sealing: the worker takes new entries into the tree and signs its head, off the hot path.

Numbers are given before transactions commit, so a smaller one may appear after a larger one. The
sealer looks which entry is the newest and takes a transaction number after it; once every
transaction up to that number has ended, nothing can appear below that entry any more
(`store.add` makes sure that a transaction has its number before its entry has its own).
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from prunella.audit import checkpoint, store_tree
from prunella.audit.checkpoint import Checkpoint
from prunella.audit.keys import SigningKeyError
from prunella.audit.leaf import Raw, hash_of
from prunella.audit.note import BadKeyError, BadNoteError, SigningKey, VerifyingKey
from prunella.audit.store_tree import End
from prunella.audit.tiles import DamagedTreeError, Edge, Leaf, Tile, edge_places
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import system_now
from prunella.kit.house import House, Tx

log = structlog.get_logger()

A_BATCH = 8_192
ORIGIN = "prunella.audit"


@dataclass(frozen=True, slots=True)
class _Horizon:
    """Entries up to `seq` are final once no transaction up to `xid` runs."""

    seq: int
    xid: int


class Sealer:
    """Seals what is final. One at a time, however many workers there are."""

    def __init__(self, house: House, read_key: Callable[[], SigningKey]) -> None:
        self._house = house
        self._read_key = read_key
        self._key: SigningKey | None = None
        self._horizon: _Horizon | None = None

    async def step(self) -> int:
        """Do the next step of sealing; 0 when there is nothing to do, or not yet."""
        async with self._house.transaction(SYSTEM) as tx:
            if not await store_tree.take_turn(tx):
                return 0
            end = await store_tree.end_of_tree(tx)
            if self._horizon is None or self._horizon.seq <= end.seq:
                return await self._look_ahead(tx, end)
            if await store_tree.oldest_running_xid(tx) <= self._horizon.xid:
                return 0
            return await self._seal(tx, end, self._horizon.seq)

    async def _look_ahead(self, tx: Tx, end: End) -> int:
        newest = await store_tree.newest_entry(tx)
        if newest <= end.seq:
            return 0
        self._horizon = _Horizon(newest, await store_tree.my_xid(tx))
        return 1

    async def _seal(self, tx: Tx, end: End, last: int) -> int:
        rows = await store_tree.raw_between(tx, end.seq, last, A_BATCH)
        try:
            origin, edge = await self._begin(tx, end)
        except (DamagedTreeError, BadKeyError, BadNoteError):
            log.exception("audit tree is damaged, nothing is sealed")
            return 0
        except (OSError, SigningKeyError):
            log.exception("audit key cannot be read or made, nothing is sealed")
            return 0
        tiles = await asyncio.to_thread(_grow, edge, rows)
        await store_tree.put_tiles(tx, tiles)
        await self._sign(tx, origin, edge)
        return len(rows)

    async def _begin(self, tx: Tx, end: End) -> tuple[str, Edge]:
        """Return the log's name and the edge of its tree, which has to be what was signed last."""
        self._key = self._key or self._read_key()
        tiles = await store_tree.tiles_at(tx, edge_places(end.size))
        edge = Edge(end.size, tiles)
        note = await store_tree.newest_checkpoint(tx)
        if note is None and end.size == 0:
            await store_tree.add_key(tx, str(self._key.verifying))
            return f"{ORIGIN}/{tx.new_id('log')}", edge
        known = [VerifyingKey.parse(text) for text in await store_tree.keys(tx)]
        signed = checkpoint.parse(note or "", [self._key.verifying, *known])
        if (signed.size, signed.root) != (edge.size, edge.root()):
            raise DamagedTreeError
        await store_tree.add_key(tx, str(self._key.verifying))
        return signed.origin, edge

    async def _sign(self, tx: Tx, origin: str, edge: Edge) -> Checkpoint:
        assert self._key is not None  # noqa: S101 `_begin` has read it
        signed = checkpoint.sign(
            self._key, origin=origin, size=edge.size, root=edge.root(), at=system_now()
        )
        await store_tree.add_checkpoint(tx, size=signed.size, note=signed.note)
        return signed


def _grow(edge: Edge, rows: Sequence[Raw]) -> list[Tile]:
    """Take the entries into the tree; returns the tiles that changed."""
    full = [tile for raw in rows for tile in edge.append(Leaf(int(raw[0] or 0), hash_of(raw)))]
    return [*full, *edge.partial()]
