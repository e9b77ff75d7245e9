"""Work that outlives a database which is away."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import structlog
from procrastinate.exceptions import ConnectorException
from psycopg import OperationalError, ProgrammingError
from psycopg_pool import PoolTimeout

from prunella.kit.outages import Outages, is_of_database
from prunella.kit.pump import is_cancelled


class Away:
    """A database that does not answer the first so many times."""

    def __init__(self, *, refuses: int) -> None:
        self.left = refuses
        self.asked = 0
        self.was_asked = asyncio.Event()

    async def ask(self) -> None:
        self.asked += 1
        self.was_asked.set()
        if self.asked <= self.left:
            raise OperationalError


def failing(*errors: Exception) -> Callable[[], Awaitable[str]]:
    """Work that fails in these ways, one after the other, and is done then."""
    left = list(errors)

    async def work() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return work


async def test_work_begins_anew_once_the_database_answers() -> None:
    away = Away(refuses=2)
    work = Outages(away.ask).outlast(failing(OperationalError("gone"), PoolTimeout()))
    assert await work() == "done"
    assert away.asked == 4  # thrice for the first, once for the second


async def test_one_asks_for_all_and_says_so_once() -> None:
    away = Away(refuses=2)
    outages = Outages(away.ask)
    together = asyncio.Barrier(8)

    async def fail_together() -> None:
        if not away.asked:
            await together.wait()
            raise OperationalError

    with structlog.testing.capture_logs() as said:
        async with asyncio.TaskGroup() as group:
            for _ in range(8):
                group.create_task(outages.outlast(fail_together)())
    assert away.asked == 3
    assert [line["event"] for line in said] == [
        "the database failed us, asking until it answers",
        "the database answers",
    ]


async def test_work_that_fell_in_a_group_of_its_own_begins_anew_and_is_not_taken_for_stopped() -> (
    None
):
    left = [OperationalError(), OperationalError()]

    async def fall() -> None:
        await asyncio.sleep(0)
        raise left.pop()

    async def work() -> int:
        if not left:
            return 1
        async with asyncio.TaskGroup() as group:
            group.create_task(fall())
        raise AssertionError

    assert await Outages(Away(refuses=0).ask).outlast(work)() == 1
    assert not is_cancelled()


async def test_what_is_no_outage_ends_the_work() -> None:
    with pytest.raises(LookupError):
        await Outages(Away(refuses=0).ask).outlast(failing(LookupError()))()


async def test_a_database_that_answers_as_another_ends_the_work() -> None:
    async def ask() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await Outages(ask).outlast(failing(OperationalError()))()


async def test_whoever_waits_can_be_stopped() -> None:
    away = Away(refuses=1_000_000)
    waiting = asyncio.create_task(Outages(away.ask).outlast(failing(OperationalError()))())
    await away.was_asked.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_what_was_stopped_does_not_begin_anew_though_it_did_not_hear_of_it() -> None:
    begun = asyncio.Event()

    async def deaf() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:  # as asyncio.wait_for does before Python 3.12
            raise OperationalError from None

    working = asyncio.create_task(Outages(Away(refuses=0).ask).outlast(deaf)())
    await begun.wait()
    working.cancel()
    with pytest.raises(OperationalError):
        await working


def test_what_counts_as_the_database() -> None:
    queue, other = ConnectorException(), ConnectorException()
    queue.__cause__, other.__cause__ = OperationalError(), ProgrammingError()
    assert is_of_database(queue)
    assert is_of_database(ExceptionGroup("", [OperationalError(), PoolTimeout()]))
    assert not is_of_database(other)
    assert not is_of_database(ExceptionGroup("", [OperationalError(), LookupError()]))
