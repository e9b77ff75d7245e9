"""Our tiled tree is the tree of RFC 6962, and its proofs convince only of what is so."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.audit import naive

from prunella.audit.merkle import (
    BadProofError,
    Growing,
    included_root,
    is_consistent,
    leaf_hash,
)
from prunella.audit.tiles import Edge, Leaf, Place, Tile, Tiles, edge_places, places

LARGE = 66_100
"""Beyond 65,536 a third level of tiles begins."""


def lines(count: int) -> list[bytes]:
    return [b"entry %d" % n for n in range(count)]


def grown(count: int, *, from_size: int = 0, tiles: dict[Place, Tile] | None = None) -> Edge:
    """Grow a tree, keeping its tiles in `tiles`."""
    kept = {} if tiles is None else tiles
    edge = Edge(
        from_size, {place: kept[place] for place in edge_places(from_size) if place in kept}
    )
    for n in range(from_size, count):
        for tile in edge.append(Leaf(n + 1, leaf_hash(b"entry %d" % n))):
            kept[tile.level, tile.number] = tile
    for tile in edge.partial():
        kept[tile.level, tile.number] = tile
    return edge


@pytest.fixture(scope="module")
def large() -> dict[Place, Tile]:
    tiles: dict[Place, Tile] = {}
    grown(LARGE, tiles=tiles)
    return tiles


@pytest.mark.parametrize("size", [*range(1, 20), 255, 256, 257, 511, 512, 513, 1000])
def test_the_root_is_that_of_the_rfc(size: int) -> None:
    growing = Growing()
    for one in lines(size):
        growing.append(leaf_hash(one))
    assert growing.root() == naive.mth(lines(size)) == grown(size).root()


def test_an_empty_tree_has_the_root_of_the_rfc() -> None:
    assert Growing().root() == Edge(0, {}).root() == naive.mth([])


@settings(deadline=None, max_examples=150)
@given(size=st.integers(1, 700), data=st.data())
def test_an_inclusion_proof_is_the_rfcs(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    later = data.draw(st.integers(size, 700))
    tiles: dict[Place, Tile] = {}
    grown(later, tiles=tiles)
    read = {
        place: tiles[place] for place in places(indices=[index], sizes=[size]) if place in tiles
    }
    path = Tiles(read).inclusion(index, size)
    assert path == naive.path(index, lines(size))
    leaf = leaf_hash(lines(size)[index])
    assert included_root(leaf, index=index, size=size, path=path) == naive.mth(lines(size))


@settings(deadline=None, max_examples=150)
@given(size=st.integers(1, 700), data=st.data())
def test_a_consistency_proof_is_the_rfcs(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    tiles: dict[Place, Tile] = {}
    grown(size, tiles=tiles)
    read = {
        place: tiles[place] for place in places(indices=[old], sizes=[old, size]) if place in tiles
    }
    path = Tiles(read).consistency(old, size)
    assert path == naive.proof(old, lines(size))
    roots = {"old_root": naive.mth(lines(old)), "root": naive.mth(lines(size))}
    assert is_consistent(old_size=old, size=size, path=path, **roots)


@settings(deadline=None, max_examples=100)
@given(size=st.integers(2, 300), data=st.data())
def test_a_wrong_proof_convinces_nobody(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size - 1))
    root, old_root = naive.mth(lines(size)), naive.mth(lines(old))
    right = naive.path(index, lines(size))
    other = data.draw(st.integers(0, size - 1))
    assume(other != index)
    leaf = leaf_hash(lines(size)[index])
    assert not leads_to(root, leaf, index=other, size=size, path=right)
    assert not leads_to(root, leaf_hash(b"forged"), index=index, size=size, path=right)
    assert not leads_to(root, leaf, index=index, size=size, path=[*right, root])
    assert not leads_to(root, leaf, index=index, size=size, path=right[:-1])
    grew = naive.proof(old, lines(size))
    forged = naive.mth([b"forged", *lines(old)[1:]])
    told = {"old_size": old, "size": size, "root": root}
    assert not is_consistent(old_root=forged, path=grew, **told)  # type: ignore[arg-type] # as told
    assert not is_consistent(old_root=old_root, path=grew[:-1], **told)  # type: ignore[arg-type] # as told
    assert not is_consistent(old_root=old_root, path=[*grew, root], **told)  # type: ignore[arg-type] # as told


def leads_to(root: bytes, leaf: bytes, *, index: int, size: int, path: list[bytes]) -> bool:
    try:
        return included_root(leaf, index=index, size=size, path=path) == root
    except BadProofError:
        return False


@settings(deadline=None, max_examples=60)
@given(cuts=st.lists(st.integers(1, 1500), min_size=1, max_size=8))
def test_sealing_in_pieces_makes_the_same_tree(cuts: list[int]) -> None:
    pieces: dict[Place, Tile] = {}
    at = 0
    for cut in sorted(cuts):
        at = grown(cut, from_size=at, tiles=pieces).size
    whole: dict[Place, Tile] = {}
    assert grown(at, tiles=whole).root() == Tiles(pieces).root(at)
    assert pieces == whole


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_a_proof_over_three_levels_reads_a_few_tiles(
    large: dict[Place, Tile], data: st.DataObject
) -> None:
    size = data.draw(st.integers(65_000, LARGE))
    old = data.draw(st.integers(1, size))
    index = data.draw(st.integers(0, size - 1))
    wanted = places(indices=[index, old], sizes=[old, size])
    assert len(wanted) <= 15
    tiles = Tiles({place: large[place] for place in wanted if place in large})
    leaf, root = leaf_hash(b"entry %d" % index), tiles.root(size)
    assert leads_to(root, leaf, index=index, size=size, path=tiles.inclusion(index, size))
    old_root, path = tiles.root(old), tiles.consistency(old, size)
    assert is_consistent(old_size=old, old_root=old_root, size=size, root=root, path=path)
