"""Background work: Procrastinate behind one door.

A job is queued in the transaction of its row. It may run twice to its end (a worker that was
stopped and goes on is not fenced), so a job checks the state again in the transaction that ends
a step.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import procrastinate
from procrastinate.jobs import Job as QueuedJob
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from prunella.kit.clock import system_now

HEARTBEAT_S = 1.0
STALLED_AFTER_S = 5.0
MAX_RUNS = 12
MAX_WAIT_S = 600.0
_QUEUE = "default"
# What its own client calls; the function's name holds its version.
_DEFER = """
select procrastinate_defer_jobs_v1(
  array[row(%s, %s, 0, %s, null, %s, null)::procrastinate_job_to_defer_v1]
)
"""


@dataclass(frozen=True, slots=True)
class Job:
    """Work for later. `name` as registered, `args` as JSON; jobs of one `lock` run in turn."""

    name: str
    args: Mapping[str, Any] = field(default_factory=dict)
    lock: str | None = None


JobFunction = Callable[..., Awaitable[None]]


class _Patience(BaseRetryStrategy):
    """Exponential waits with jitter, up to `MAX_RUNS` runs; what a stop cut off goes on at once."""

    def get_retry_decision(
        self, *, exception: BaseException, job: QueuedJob
    ) -> RetryDecision | None:
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_at=system_now())
        if not isinstance(exception, Exception) or job.attempts + 1 >= MAX_RUNS:
            return None
        wait_s = min(0.5 * 2**job.attempts, MAX_WAIT_S) * random.uniform(0.7, 1.3)  # noqa: S311 jitter
        return RetryDecision(retry_at=system_now() + timedelta(seconds=wait_s))


class Jobs:
    """The queue. `work` runs jobs until it is cancelled; everything else only puts them in."""

    def __init__(self) -> None:
        self._app = procrastinate.App(connector=procrastinate.PsycopgConnector())

    def register(self, name: str, function: JobFunction) -> None:
        """Say what runs for jobs of this name, before `work` begins."""

        async def run(**args: Any) -> None:
            await function(**args)

        self._app.task(name=name, retry=_Patience())(run)

    async def open(self, pool: AsyncConnectionPool[Any]) -> None:
        await self._app.open_async(pool)

    async def defer(self, conn: AsyncConnection[Any], job: Job) -> None:
        """Nobody reads the number it gets, so it travels with what is sent beside it."""
        await conn.execute(_DEFER, (_QUEUE, job.name, job.lock, Jsonb(dict(job.args))))

    async def work(self, *, concurrency: int) -> None:
        await self._app.run_worker_async(
            concurrency=concurrency,
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=STALLED_AFTER_S,
            fetch_job_polling_interval=1.0,
            shutdown_graceful_timeout=3.0,
            install_signal_handlers=False,
            delete_jobs="successful",
        )

    async def rescue_stalled(self) -> int:
        """Give the jobs of dead workers back to the queue: Procrastinate does not by itself."""
        manager = self._app.job_manager
        stalled = await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S)
        count = 0
        for job in stalled:
            await manager.retry_job(job)
            count += 1
        return count
