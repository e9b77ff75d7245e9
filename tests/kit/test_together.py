"""Statements that travel together: the order, the outcome and the faults are what they were."""

from __future__ import annotations

import pytest
from psycopg.errors import UniqueViolation

from prunella.kit.actor import SYSTEM
from prunella.kit.events import Event
from prunella.kit.house import House, Tx

_TABLE = "create table notes (id int primary key)"
_ADD = "insert into notes values (%s)"
_ALL = "select id from notes order by id"


async def test_what_was_sent_is_there_for_whoever_reads_next(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        async with tx.together():
            await tx.send(_TABLE)
            await tx.send(_ADD, (1,))
            assert await tx.all(_ALL) == [{"id": 1}]
            await tx.send(_ADD, (2,))
        await tx.emit(Event("note.added", "2"))
    async with house.transaction(SYSTEM) as tx:
        assert len(await tx.all(_ALL)) == 2


async def test_rows_that_were_touched_are_counted_among_others(house: House) -> None:
    async with house.transaction(SYSTEM) as tx, tx.together():
        await tx.send(_TABLE)
        await tx.send(_ADD, (1,))
        assert await tx.execute("insert into notes values (1), (2) on conflict do nothing") == 1
        assert await tx.execute("delete from notes") == 2


async def test_a_fault_of_what_was_sent_undoes_everything(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        await tx.execute(_TABLE)

    async def twice(tx: Tx) -> None:
        async with tx.together():
            await tx.send(_ADD, (1,))
            await tx.send(_ADD, (1,))

    async def add_twice() -> None:
        async with house.transaction(SYSTEM) as tx:
            await twice(tx)

    with pytest.raises(UniqueViolation):
        await add_twice()
    async with house.transaction(SYSTEM) as tx:
        assert await tx.all(_ALL) == []


async def test_whoever_catches_a_fault_of_their_own_goes_on(house: House) -> None:
    async def add(tx: Tx) -> None:
        async with tx.together():
            await tx.send(_ADD, (7,))
            raise LookupError

    async with house.transaction(SYSTEM) as tx:
        await tx.execute(_TABLE)
        with pytest.raises(LookupError):
            await add(tx)
        assert await tx.all(_ALL) == [{"id": 7}]
