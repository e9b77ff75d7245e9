"""What failed to the end and is not tried any more: deliveries, timers and jobs.

A person has one tried again, or lets it be. Each verb returns whether it stood still: of two who
press at once, one was first, and what goes on already is not touched.
"""

from typing import Any

from prunella.kit.clock import system_now
from prunella.kit.house import Tx

Rows = list[dict[str, Any]]

_DELIVERIES = """
select d.event || ':' || d.listener as id, e.name, d.listener, e.subject, d.attempts, d.error, e.at
from deliveries d join events e on e.seq = d.event where d.dead order by d.event desc limit %s
"""
_DELIVER_AGAIN = """
update deliveries set dead = false, attempts = 0, next_at = %s
where event = %s and listener = %s and dead
"""
_LET_DELIVERY_BE = "delete from deliveries where event = %s and listener = %s and dead"
_TIMERS = """
select name || ':' || subject as id, name, subject, attempts, error, due_at as at
from timers where dead order by due_at desc limit %s
"""
_FIRE_AGAIN = """
update timers set dead = false, attempts = 0, due_at = %s
where name = %s and subject = %s and dead
"""
_LET_TIMER_BE = "delete from timers where name = %s and subject = %s and dead"
_JOBS = """
select j.id::text as id, j.task_name as name, j.attempts, j.args::text as args, max(e.at) as at
from procrastinate_jobs j left join procrastinate_events e on e.job_id = j.id
where j.status = 'failed' group by j.id order by j.id desc limit %s
"""
# A job that is new: with all its tries, and with what a worker notices of it.
_RUN_AGAIN = """
with failed as (
  delete from procrastinate_jobs where id = %s and status = 'failed'
  returning queue_name, task_name, priority, lock, args
)
select procrastinate_defer_jobs_v1(
  array[row(queue_name, task_name, priority, lock, null, args, null)
    ::procrastinate_job_to_defer_v1]) from failed
"""
_LET_JOB_BE = "delete from procrastinate_jobs where id = %s and status = 'failed'"


async def deliveries(tx: Tx, most: int) -> Rows:
    """The newest first."""
    return await tx.all(_DELIVERIES, (most,))


async def deliver_again(tx: Tx, event: int, listener: str) -> bool:
    return bool(await tx.execute(_DELIVER_AGAIN, (system_now(), event, listener)))


async def let_delivery_be(tx: Tx, event: int, listener: str) -> bool:
    """The listener never hears of the event."""
    return bool(await tx.execute(_LET_DELIVERY_BE, (event, listener)))


async def timers(tx: Tx, most: int) -> Rows:
    return await tx.all(_TIMERS, (most,))


async def fire_again(tx: Tx, name: str, subject: str) -> bool:
    """It is due now."""
    return bool(await tx.execute(_FIRE_AGAIN, (tx.now, name, subject)))


async def let_timer_be(tx: Tx, name: str, subject: str) -> bool:
    """It never fires, unless somebody arms it anew."""
    return bool(await tx.execute(_LET_TIMER_BE, (name, subject)))


async def jobs(tx: Tx, most: int) -> Rows:
    return await tx.all(_JOBS, (most,))


async def run_again(tx: Tx, job: int) -> bool:
    return bool(await tx.all(_RUN_AGAIN, (job,)))


async def let_job_be(tx: Tx, job: int) -> bool:
    return bool(await tx.execute(_LET_JOB_BE, (job,)))
