"""A log with something in it, sealed in several goes, and somebody who tampers with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from prunella import audit
from prunella.audit import Report, Sealer
from prunella.audit.checking import check_snapshot
from prunella.audit.note import SigningKey
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.house import House

KEY = SigningKey.of_seed(bytes(range(32)))
THIEF = SigningKey.of_seed(bytes(32))
LEAD = Actor(kind="staff", id="tok_lead", role="lead", verified=True)
TABLES = ("audit_entries", "audit_tiles", "audit_checkpoints", "audit_keys")


async def write(house: House, count: int, *, first: int = 0) -> list[int]:
    """Write entries of different shapes; returns their numbers."""
    async with house.transaction(SYSTEM) as system, house.transaction(LEAD) as lead:
        for n in range(first, first + count):
            await audit.record(
                lead if n % 3 else system,
                "action.approved" if n % 2 else "case.opened",
                f"act_{n}",
                customer=None if n % 5 == 0 else f"cust_{n % 7}",
                because="limit_lifted" if n % 4 else "",
                before={"state": "awaiting_approval", "amount": n * 100} if n % 2 else None,
                after={"state": "approved", "rules": ["refund.cap", "refund.age"], "share": 0.25},
            )
    async with house.transaction(SYSTEM) as tx:
        return [one.seq for one in reversed(await audit.newest(tx, limit=count))]


async def seal(house: House, key: SigningKey = KEY) -> None:
    sealer = Sealer(house, lambda: key)
    while await sealer.step():
        pass


def check(url: str, elsewhere: Path | None = None) -> Report:
    return audit.check_database(url, trusted=[KEY.verifying], elsewhere=elsewhere)


class Intruder:
    """Somebody who may do anything in the database, in a transaction that is taken back."""

    def __init__(self, conn: Connection[TupleRow]) -> None:
        self.conn = conn

    def run(self, statement: str, *values: object) -> int:
        return self.conn.execute(statement.encode(), values or None).rowcount

    def check(self, elsewhere: Path | None = None) -> Report:
        return check_snapshot(self.conn, trusted=[KEY.verifying], elsewhere=elsewhere)

    @contextmanager
    def trying(self) -> Iterator[None]:
        with self.conn.transaction(force_rollback=True):
            yield


@contextmanager
def intruder(url: str) -> Iterator[Intruder]:
    with psycopg.connect(url) as conn:
        found = Intruder(conn)
        for table in TABLES:
            found.run(f"alter table {table} disable trigger user")
        found.run("alter table audit_entries alter column seq drop identity")
        yield found
        conn.rollback()
