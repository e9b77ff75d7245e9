"""The worker: jobs, timers, deliveries and intake. It alone holds Stripe's write key."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from functools import partial

from prunella.bootstrap import Rooms
from prunella.kit import events, timers
from prunella.kit.leaving import leave_within
from prunella.kit.outages import Outages
from prunella.kit.pump import Step, is_cancelled, pump, pump_together

JOBS_AT_ONCE = 8
DELIVERIES_AT_ONCE = 2
BATCHES_AT_ONCE = 2
MAILS_AT_ONCE = 2
HOOKS_AT_ONCE = 4
LETTERS_AT_ONCE = 4
IDLE_S = 0.1
MAIL_IDLE_S = 1.0
LETTER_IDLE_S = 0.5
SEAL_IDLE_S = 0.5
AGAIN_AFTER_S = 0.5
RESCUE_EVERY_S = 2.0
PROBE_EVERY_S = 60.0
CATCH_UP_EVERY_S = 3_600.0
FORGET_EVERY_S = 86_400.0
SWEEP_EVERY_S = 600.0
LEAVE_WITHIN_S = 15.0
"""Of the first failure; a supervisor that asks waits a little longer."""


async def work(rooms: Rooms, outages: Outages) -> None:
    """Run until cancelled, also through times in which the database is away.

    What fails in any other way ends all of it: the supervisor starts the process again.
    """
    outlast = outages.outlast
    async with asyncio.TaskGroup() as group:
        group.create_task(leave_within(LEAVE_WITHIN_S))
        for chore, seconds in _chores(rooms):
            group.create_task(_every(seconds, outlast(chore)))
        group.create_task(_every(SWEEP_EVERY_S, outlast(rooms.sweep), first_in_s=SWEEP_EVERY_S))
        for step, idle_s, at_once in _steps(rooms):
            for _ in range(at_once):
                group.create_task(pump(outlast(step), idle_s=idle_s))
        for step, at_once in _steps_together(rooms):
            group.create_task(pump_together(outlast(step), idle_s=IDLE_S, at_once=at_once))


def _chores(rooms: Rooms) -> Iterator[tuple[Callable[[], Awaitable[object]], float]]:
    """What is done again and again, and after how many seconds; some ends only when it must."""
    jobs = rooms.house.jobs
    yield partial(jobs.work, concurrency=JOBS_AT_ONCE), AGAIN_AFTER_S
    for way in rooms.arrivals.ways():
        yield way, AGAIN_AFTER_S
    yield jobs.rescue_stalled, RESCUE_EVERY_S
    yield rooms.probe, PROBE_EVERY_S
    yield rooms.read_entitlements, PROBE_EVERY_S
    yield rooms.catch_up, CATCH_UP_EVERY_S
    yield rooms.mend_older_cases, CATCH_UP_EVERY_S
    yield rooms.forget, FORGET_EVERY_S


def _steps(rooms: Rooms) -> Iterator[tuple[Step, float, int]]:
    """What takes one thing at a time; how long each rests when there is none, and how many."""
    yield partial(timers.fire_one, rooms.house), IDLE_S, 1
    yield rooms.hooks.step, MAIL_IDLE_S, HOOKS_AT_ONCE
    yield rooms.outbox.step, LETTER_IDLE_S, LETTERS_AT_ONCE
    yield rooms.sealer.step, SEAL_IDLE_S, 1


def _steps_together(rooms: Rooms) -> Iterator[tuple[Step, int]]:
    """What is taken in batches, and by how many where there is plenty."""
    yield partial(events.deliver, rooms.house), DELIVERIES_AT_ONCE
    yield rooms.take_batch, BATCHES_AT_ONCE
    yield rooms.take_mail, MAILS_AT_ONCE


async def _every(
    seconds: float, step: Callable[[], Awaitable[object]], *, first_in_s: float = 0.0
) -> None:
    await asyncio.sleep(first_in_s)
    while not is_cancelled():
        await step()
        await asyncio.sleep(seconds)
