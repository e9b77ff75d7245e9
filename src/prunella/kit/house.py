"""The one transaction: a change, its event, jobs and timers commit together or not at all."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString, TypeVar

import structlog
from psycopg import AsyncConnection
from psycopg.errors import DeadlockDetected, SerializationFailure
from psycopg.rows import DictRow
from psycopg_pool import AsyncConnectionPool

from prunella.kit import events, timers
from prunella.kit.actor import Actor
from prunella.kit.clock import Clock
from prunella.kit.events import Event, Listener, Listeners
from prunella.kit.ids import new_id
from prunella.kit.jobs import Job, Jobs
from prunella.kit.timers import Handler, Handlers, Timer

log = structlog.get_logger()
T = TypeVar("T")

CLASH = (DeadlockDetected, SerializationFailure)
"""Two transactions waited for each other: PostgreSQL ended one, which may simply be done again."""
MAX_TRIES = 5
LONGEST_PAUSE_S = 0.2

Pool = AsyncConnectionPool[AsyncConnection[DictRow]]
Params = Sequence[Any] | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tx:
    """An open transaction: the connection, who acts, and what the business clock says."""

    conn: AsyncConnection[DictRow]
    actor: Actor
    now: datetime
    _house: "House"

    def new_id(self, prefix: str) -> str:
        return new_id(prefix)

    @asynccontextmanager
    async def together(self) -> AsyncIterator[None]:
        """Let what is sent within travel with the next statement that is read, or with the end.

        The order stays as it is. A fault of one shows where the next is read.
        """
        async with self.conn.pipeline():
            yield

    async def execute(self, sql: LiteralString, params: Params = ()) -> int:
        """Run a statement; returns the number of rows it touched."""
        cursor = await self.conn.execute(sql, params)
        if cursor.pgresult is None:
            async with self.conn.pipeline():  # an inner one waits for what the outer one sent
                pass
        return cursor.rowcount

    async def send(self, sql: LiteralString, params: Params = ()) -> None:
        """Run a statement whose outcome nobody reads: see `together`."""
        await self.conn.execute(sql, params)

    async def one(self, sql: LiteralString, params: Params = ()) -> DictRow | None:
        return await (await self.conn.execute(sql, params)).fetchone()

    async def all(self, sql: LiteralString, params: Params = ()) -> list[DictRow]:
        return await (await self.conn.execute(sql, params)).fetchall()

    async def many(self, sql: LiteralString, rows: Sequence[Params]) -> None:
        async with self.conn.cursor() as cursor:
            await cursor.executemany(sql, rows)

    async def emit(self, event: Event) -> None:
        """Write the event and one delivery per listener, in this transaction."""
        house = self._house
        names = house.listener_names(event.name)
        await events.write(self, event, names, sometimes=house.sometimes)

    async def defer(self, job: Job) -> None:
        """Queue the job, in this transaction."""
        await self._house.jobs.defer(self.conn, job)

    async def arm(self, timer: Timer) -> None:
        """Set the timer, or move it when one of its name and subject is set already."""
        await timers.arm(self, timer)

    async def disarm(self, name: str, subject: str) -> None:
        await timers.disarm(self, name, subject)


class House:
    """What a room needs to change something. Built once, in bootstrap."""

    def __init__(
        self,
        *,
        pool: Pool,
        clock: Clock,
        jobs: Jobs,
        listeners: Listeners,
        handlers: Handlers,
        sometimes: Sequence[str] = (),
    ) -> None:
        """`sometimes` are the listeners that get only what the view `wanted_events` says."""
        self.pool = pool
        self.sometimes = sometimes
        self.clock = clock
        self.jobs = jobs
        self._listeners = {name: dict(pairs) for name, pairs in listeners.items()}
        self._handlers = handlers

    @asynccontextmanager
    async def transaction(self, actor: Actor) -> AsyncIterator[Tx]:
        async with self.pool.connection() as conn, conn.transaction():
            yield Tx(conn=conn, actor=actor, now=self.clock.now(), _house=self)

    async def transact(self, actor: Actor, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Do `work` in one transaction, all of it again after a clash; the last try raises that.

        For who writes many rows that others write in another order.
        """
        for _ in range(MAX_TRIES - 1):
            try:
                async with self.transaction(actor) as tx:
                    return await work(tx)
            except CLASH as clash:
                log.info("two transactions met, done again", clash=type(clash).__name__)
            await asyncio.sleep(random.uniform(0, LONGEST_PAUSE_S))  # noqa: S311 jitter
        async with self.transaction(actor) as tx:
            return await work(tx)

    def listener_names(self, event_name: str) -> list[str]:
        return list(self._listeners.get(event_name, ()))

    def listener(self, event_name: str, name: str) -> Listener:
        return self._listeners[event_name][name]

    def timer_handler(self, name: str) -> Handler:
        return self._handlers[name]
