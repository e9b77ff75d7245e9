"""What is sealed stays as it was, or `verify` names the first entry that does not."""

from pathlib import Path

import psycopg

from prunella import audit
from prunella.audit import Report, Sealer
from prunella.audit.note import SigningKey
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House

KEY = SigningKey.of_seed(bytes(range(32)))


async def write(house: House, count: int, *, verb: str = "case.opened") -> list[int]:
    async with house.transaction(SYSTEM) as tx:
        return [
            await audit.record(tx, verb, f"case_{n}", after={"state": "new", "amount": n})
            for n in range(count)
        ]


async def seal(house: House) -> None:
    sealer = Sealer(house, lambda: KEY)
    while await sealer.step():
        pass


def check(url: str, elsewhere: Path | None = None) -> Report:
    return audit.check_database(url, trusted=[KEY.verifying], elsewhere=elsewhere)


def tamper(url: str, statement: str, *values: object) -> None:
    with psycopg.connect(url, autocommit=True) as conn:
        for table in ("audit_entries", "audit_checkpoints", "audit_keys"):
            conn.execute(f"alter table {table} disable trigger user".encode())
        conn.execute(statement.encode(), values)


async def test_what_was_sealed_holds(house: House, database_url: str) -> None:
    await write(house, 5)
    await seal(house)
    await write(house, 3)
    report = check(database_url)
    assert report.holds
    assert (report.verdict.sealed, report.verdict.waiting) == (5, 3)
    await seal(house)
    report = check(database_url)
    assert report.holds
    assert (report.verdict.sealed, report.verdict.waiting, report.verdict.checkpoints) == (8, 0, 2)


async def test_an_edited_entry_is_named(house: House, database_url: str) -> None:
    seqs = await write(house, 7)
    await seal(house)
    tamper(database_url, "update audit_entries set because = 'other' where seq = %s", seqs[3])
    assert str(check(database_url).verdict.wrong) == (
        f"Entry {seqs[3]} was changed after it was sealed."
    )
