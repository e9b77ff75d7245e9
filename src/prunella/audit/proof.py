"""Proofs that anybody can check with a checkpoint alone: an entry is in, a log only grew."""

from dataclasses import dataclass

from prunella.audit import checkpoint, store_tree
from prunella.audit.checkpoint import Checkpoint
from prunella.audit.leaf import line
from prunella.audit.merkle import included_root, is_consistent, leaf_hash
from prunella.audit.note import VerifyingKey
from prunella.audit.tiles import WIDTH, Tiles, places
from prunella.kit.house import Tx


class NotSealedError(Exception):
    """This entry is not sealed yet. Ask again in a few seconds."""


class NoSuchHeadError(Exception):
    """There is no checkpoint of this size. Take the sizes of checkpoints that you were given."""


@dataclass(frozen=True, slots=True)
class Head:
    """A checkpoint, and the public keys that the log says it signs with."""

    checkpoint: Checkpoint
    vkeys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inclusion:
    """That leaf number `index` (from 0) of the checkpoint's tree is this line, as it is now."""

    seq: int
    index: int
    line: bytes
    path: tuple[bytes, ...]
    head: Head

    @property
    def holds(self) -> bool:
        signed = self.head.checkpoint
        leaf = leaf_hash(self.line)
        root = included_root(leaf, index=self.index, size=signed.size, path=self.path)
        return root == signed.root


@dataclass(frozen=True, slots=True)
class Consistency:
    """That the log of the newer checkpoint begins with that of the older."""

    old: Checkpoint
    new: Checkpoint
    path: tuple[bytes, ...]

    @property
    def holds(self) -> bool:
        return is_consistent(
            old_size=self.old.size,
            old_root=self.old.root,
            size=self.new.size,
            root=self.new.root,
            path=self.path,
        )


async def head(tx: Tx) -> Head | None:
    """Return the newest checkpoint; None when nothing is sealed yet."""
    note = await store_tree.newest_checkpoint(tx)
    return await _read(tx, note) if note else None


async def prove_entry(tx: Tx, seq: int) -> Inclusion | None:
    """Prove that an entry is in the log; None when there is none of this number.

    Raises `NotSealedError` when it is too new, `DamagedTreeError` when the stored tree is.
    """
    raw = await store_tree.raw_one(tx, seq)
    if raw is None:
        return None
    tile, newest = await store_tree.tile_of_entry(tx, seq), await head(tx)
    if tile is None or newest is None or seq not in tile.seqs:
        raise NotSealedError
    index = tile.number * WIDTH + tile.seqs.index(seq)
    size = newest.checkpoint.size
    tiles = Tiles(await store_tree.tiles_at(tx, places(indices=[index], sizes=[size])))
    return Inclusion(seq, index, line(raw), tuple(tiles.inclusion(index, size)), newest)


async def prove_growth(tx: Tx, *, old_size: int, size: int) -> Consistency:
    """Prove that the checkpoint of `size` has everything that the one of `old_size` has."""
    old, new = await _of_size(tx, old_size), await _of_size(tx, size)
    if old_size > size:
        raise NoSuchHeadError
    tiles = Tiles(await store_tree.tiles_at(tx, places(indices=[old_size], sizes=[old_size, size])))
    return Consistency(old, new, tuple(tiles.consistency(old_size, size)))


async def _of_size(tx: Tx, size: int) -> Checkpoint:
    note = await store_tree.checkpoint_of_size(tx, size)
    if note is None:
        raise NoSuchHeadError
    return (await _read(tx, note)).checkpoint


async def _read(tx: Tx, note: str) -> Head:
    vkeys = await store_tree.keys(tx)
    keys = [VerifyingKey.parse(vkey) for vkey in vkeys]
    return Head(checkpoint.parse(note, keys), tuple(vkeys))
