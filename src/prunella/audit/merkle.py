"""The arithmetic of RFC 6962 (sections 2.1, 2.1.1, 2.1.2). Pure."""

from collections.abc import Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


class BadProofError(ValueError):
    """This proof does not have the shape that its tree demands."""


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


class Growing:
    """A tree that grows by a leaf at a time and keeps no more than its peaks."""

    __slots__ = ("peaks", "size")

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)

    def append(self, leaf: bytes) -> None:
        rest, peaks = self.size, self.peaks
        while rest & 1:
            leaf = node_hash(peaks.pop(), leaf)
            rest >>= 1
        peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root

    def copy(self) -> "Growing":
        return Growing(self.size, self.peaks)


def included_root(leaf: bytes, *, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root that this leaf and its path lead to (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        raise BadProofError
    at, last, root = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise BadProofError
        if at & 1 or at == last:
            root = node_hash(step, root)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            root = node_hash(root, step)
        at, last = at >> 1, last >> 1
    if last != 0:
        raise BadProofError
    return root


def is_consistent(
    *, old_size: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether the larger tree begins with the smaller one (RFC 9162, section 2.1.4.2)."""
    if not 0 < old_size <= size:
        return False
    if old_size == size:
        return old_root == root and not path
    steps = [old_root, *path] if old_size & (old_size - 1) == 0 else list(path)
    if not steps:
        return False
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, step)
        at, last = at >> 1, last >> 1
    return first == old_root and second == root and last == 0
