"""The worker: jobs, timers, deliveries and intake. It alone holds Stripe's write key."""

import asyncio
from collections.abc import Awaitable, Callable

from prunella.bootstrap import Rooms
from prunella.kit import events, timers
from prunella.kit.leaving import leave_within
from prunella.kit.pump import is_cancelled, pump, pump_together

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
RESCUE_EVERY_S = 2.0
PROBE_EVERY_S = 60.0
CATCH_UP_EVERY_S = 3_600.0
FORGET_EVERY_S = 86_400.0
SWEEP_EVERY_S = 600.0
LEAVE_WITHIN_S = 15.0
"""Of the first failure; a supervisor that asks waits a little longer."""


async def work(rooms: Rooms) -> None:
    """Run until cancelled. Raises when the database goes away: the supervisor starts it again."""
    house = rooms.house
    async with asyncio.TaskGroup() as group:
        group.create_task(leave_within(LEAVE_WITHIN_S))
        group.create_task(house.jobs.work(concurrency=JOBS_AT_ONCE))
        group.create_task(_every(RESCUE_EVERY_S, house.jobs.rescue_stalled))
        group.create_task(_every(PROBE_EVERY_S, rooms.probe))
        group.create_task(_every(CATCH_UP_EVERY_S, rooms.catch_up))
        group.create_task(_every(CATCH_UP_EVERY_S, rooms.mend_older_cases))
        group.create_task(_every(FORGET_EVERY_S, rooms.forget))
        group.create_task(_every(SWEEP_EVERY_S, rooms.sweep, first_in_s=SWEEP_EVERY_S))
        group.create_task(pump(lambda: timers.fire_one(house), idle_s=IDLE_S))
        for step, at_once in (
            (lambda: events.deliver(house), DELIVERIES_AT_ONCE),
            (rooms.take_batch, BATCHES_AT_ONCE),
            (rooms.take_mail, MAILS_AT_ONCE),
        ):
            group.create_task(pump_together(step, idle_s=IDLE_S, at_once=at_once))
        group.create_task(rooms.arrivals.bring())
        for _ in range(HOOKS_AT_ONCE):
            group.create_task(pump(rooms.hooks.step, idle_s=MAIL_IDLE_S))
        for _ in range(LETTERS_AT_ONCE):
            group.create_task(pump(rooms.outbox.step, idle_s=LETTER_IDLE_S))
        group.create_task(pump(rooms.sealer.step, idle_s=SEAL_IDLE_S))


async def _every(
    seconds: float, step: Callable[[], Awaitable[object]], *, first_in_s: float = 0.0
) -> None:
    await asyncio.sleep(first_in_s)
    while not is_cancelled():
        await step()
        await asyncio.sleep(seconds)
