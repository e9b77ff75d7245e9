"""Line 19, the audit log in a thief's hands: every byte, rows deleted, swapped, cut, all rewritten.

Samples by default; PRUNELLA_FAULTS=full takes every byte, PRUNELLA_SEED replays one run. Whoever
tampers here owns the database: triggers are off, and the transaction is taken back each time.
"""

import random
import string
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.audit.world import KEY, TABLES, THIEF, Intruder, intruder, seal, write
from tests.faults.seeds import FULL

from prunella import audit
from prunella.audit import Sealer
from prunella.kit.house import House

pytestmark = pytest.mark.faults

GOES = (120, 136, 30, 14)
SAMPLE = 300
A_GO = 500
ROWS = 300 if FULL else 25
Cell = tuple[str, str, str, str, str | None]
"""Table, row, column, its type, and its text."""

_COLUMNS = """
select column_name, case data_type when 'ARRAY' then 'bigint[]' else data_type end
from information_schema.columns where table_name = %s order by ordinal_position
"""


@pytest.fixture
async def seqs(house: House) -> list[int]:
    """A log of two tiles and a bit, sealed in four goes."""
    found: list[int] = []
    for count in GOES:
        found += await write(house, count, first=len(found))
        await seal(house)
    return found


async def test_a_change_of_any_byte_is_found(
    seqs: list[int], database_url: str, chance: random.Random
) -> None:
    assert seqs
    with intruder(database_url) as thief:
        assert thief.check().holds
        places = [(cell, at) for cell in cells(thief) for at in range(len(cell[4] or " "))]
    chosen = places if FULL else chance.sample(places, SAMPLE)
    refused = 0
    for start in range(0, len(chosen), A_GO):
        with intruder(database_url) as thief:
            for cell, at in chosen[start : start + A_GO]:
                with thief.trying():
                    if change(thief, cell, at, chance):
                        assert not thief.check().holds, (cell, at)
                    else:
                        refused += 1
        sweep(database_url)
    print(f"{len(chosen)} changes, of which the database itself refused {refused}")  # noqa: T201 the figure
    assert refused < len(chosen) / 2


def sweep(url: str) -> None:
    """Forget the rows that were taken back, or each look would read them, too."""
    with psycopg.connect(url, autocommit=True) as conn:
        for table in TABLES:
            conn.execute(f"vacuum {table}".encode())


def cells(thief: Intruder) -> Iterator[Cell]:
    """Give every value of every table of the log, as text."""
    for table in TABLES:
        columns = thief.conn.execute(_COLUMNS, (table,)).fetchall()
        for name, kind in columns:
            query = f"select ctid::text, {name}::text from {table}"  # noqa: S608 names of our own
            for row, text in thief.conn.execute(query.encode()).fetchall():
                yield table, row, name, kind, text


def change(thief: Intruder, cell: Cell, at: int, chance: random.Random) -> bool:
    """Change one character of a value; False when the database would not have it, or sees none."""
    table, row, column, kind, text = cell
    new = turned(text, at, kind, chance)
    query = (
        f"update {table} set {column} = %s::{kind}"  # noqa: S608 names of our own
        f" where ctid = %s::tid and {column}::text is distinct from (%s::{kind})::text"
    )
    try:
        with thief.conn.transaction():
            return bool(thief.run(query, new, row, new))
    except (psycopg.IntegrityError, psycopg.DataError):
        return False


def turned(text: str | None, at: int, kind: str, chance: random.Random) -> str:
    """Return the value with another character at this place; what was nothing becomes something."""
    if text is None:
        return {"jsonb": "{}", "bigint": "1", "bigint[]": "{1}"}.get(kind, "x")
    if not text:
        return "x"
    letters = string.digits if text[at].isdigit() else string.ascii_lowercase
    if kind == "bytea" and at > 1:
        letters = "0123456789abcdef"
    other = chance.choice([one for one in letters if one != text[at]])
    return text[:at] + other + text[at + 1 :]


async def test_a_deleted_row_is_named(
    seqs: list[int], database_url: str, chance: random.Random
) -> None:
    with intruder(database_url) as thief:
        for seq in chance.sample(seqs, ROWS):
            with thief.trying():
                thief.run("delete from audit_entries where seq = %s", seq)
                assert (
                    str(thief.check().verdict.wrong)
                    == f"Entry {seq} was sealed, and is no longer there."
                )


async def test_swapped_rows_are_named(
    seqs: list[int], database_url: str, chance: random.Random
) -> None:
    with intruder(database_url) as thief:
        for _ in range(ROWS):
            one, other = sorted(chance.sample(seqs, 2))
            with thief.trying():
                thief.run("update audit_entries set seq = -1 where seq = %s", one)
                thief.run("update audit_entries set seq = %s where seq = %s", one, other)
                thief.run("update audit_entries set seq = %s where seq = -1", other)
                said = str(thief.check().verdict.wrong)
                assert said == f"Entry {one} was changed after it was sealed."


async def test_a_tail_cut_anywhere_is_found(
    seqs: list[int], database_url: str, chance: random.Random, tmp_path: Path
) -> None:
    """Rows alone; and with everything that vouched for them, down to an old signed head."""
    kept = tmp_path / "kept.checkpoint"
    kept.write_text(audit.newest_note(database_url))
    with intruder(database_url) as thief:
        for size in range(len(seqs)) if FULL else chance.sample(range(len(seqs)), ROWS):
            with thief.trying():
                thief.run("delete from audit_entries where seq >= %s", seqs[size])
                said = str(thief.check().verdict.wrong)
                assert said == f"Entry {seqs[size]} was sealed, and is no longer there."
                cut_tree(thief, size)
                report = thief.check(kept)
                assert report.verdict.wrong
                assert report.verdict.wrong.kind == "cut"


def cut_tree(thief: Intruder, size: int) -> None:
    """Leave the tree as it was when it had this size; heads that were signed for it stay."""
    thief.run("delete from audit_checkpoints where size > %s", size)
    thief.run("delete from audit_tiles where level > 0 and %s < 256", size)
    thief.run("delete from audit_tiles where level = 0 and tile * 256 >= %s", size)
    rest = size % 256
    thief.run(
        "update audit_tiles set seqs = seqs[1:%s], hashes = substr(hashes, 1, %s)"
        " where level = 0 and tile = %s",
        rest,
        rest * 32,
        size // 256,
    )


@pytest.mark.parametrize("has_key", [False, True], ids=["their key", "our key"])
async def test_a_whole_log_that_was_rewritten_is_found(
    seqs: list[int], database_url: str, house: House, tmp_path: Path, *, has_key: bool
) -> None:
    """Even the signing key does not help against a checkpoint that is kept elsewhere."""
    kept = tmp_path / "kept.checkpoint"
    kept.write_text(audit.newest_note(database_url))
    with psycopg.connect(database_url) as conn:
        for table in ("audit_entries", "audit_checkpoints", "audit_keys"):
            conn.execute(f"alter table {table} disable trigger user".encode())
        conn.execute("update audit_entries set actor_id = 'nobody' where seq = %s", (seqs[100],))
        conn.execute("truncate audit_tiles, audit_checkpoints, audit_keys")
    sealer = Sealer(house, lambda: KEY if has_key else THIEF)
    while await sealer.step():
        pass
    trusted = [KEY.verifying]
    assert audit.check_database(database_url, trusted=trusted).holds is has_key
    report = audit.check_database(database_url, trusted=trusted, elsewhere=kept)
    assert not report.holds
    assert report.verdict.wrong
    assert report.verdict.wrong.kind == "rewritten"
