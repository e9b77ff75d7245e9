"""Time passing: what falls due happens in order, each thing at its own moment."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from prunella_sandbox import own_time, settlement
from prunella_sandbox.agenda import Due
from prunella_sandbox.billing import (
    canceling,
    capturing,
    collecting,
    cycle,
    disputing,
    previewing,
    refunding,
    sessions,
)
from prunella_sandbox.events import emit
from prunella_sandbox.world import World

RUNNERS: dict[str, Callable[[World, str], None]] = {
    "authorization": capturing.expire_due,
    "cancel_at": cycle.cancel_due,
    "dispute": disputing.decide_due,
    "finalize": cycle.finalize_due,
    "incomplete": canceling.expire_incomplete,
    "overdue": cycle.overdue,
    "processing": settlement.end_processing,
    "refund": refunding.settle_due,
    "refund_funds": refunding.pay_due,
    "renew": cycle.renew,
    "retry": collecting.retry,
    "session": sessions.expire_due,
    "trial_notice": cycle.announce_trial_end,
    "unpause": cycle.unpause_due,
    "upcoming": previewing.announce_renewal,
}
TEST_CLOCK = "test_clock"
BREATHE_EVERY = 20
log = logging.getLogger("prunella_sandbox")


def run_due(world: World) -> int:
    """Do everything that has fallen due by now, and tell how much that was."""
    done = 0
    while run_next(world, until=world.clock.now()):
        done += 1
    return done


def run_next(world: World, *, until: float) -> bool:
    """Do the next thing that is due by `until`, if there is one.

    A thing that fails is undone and not tried again, so that time can go on.
    """
    with world.lock:
        due = world.agenda.upcoming()
        if due is None or due.at > until:
            return False
        world.clock.move_to(due.at)
        try:
            _run(world, due)
        except Exception:
            log.exception("%s of %s failed", due.what, due.object_id)
            with world.transaction():
                world.agenda.disarm(due.what, due.object_id)
            raise
    return True


def _run(world: World, due: Due) -> None:
    with world.transaction(), world.clock.at(due.at):
        world.agenda.disarm(due.what, due.object_id)
        if due.what == TEST_CLOCK:
            advance_test_clock(world, due.object_id)
        else:
            RUNNERS[due.what](world, due.object_id)


def advance_test_clock(world: World, clock_id: str) -> None:
    """Bring a test clock to where it was sent, doing on the way what falls due by it."""
    before = world.need(own_time.KIND, clock_id)
    target = before["status_details"]["advancing"]["target_frozen_time"]
    while (due := world.agenda.upcoming(clock_id)) and due.at <= target:
        at = max(before["frozen_time"], int(due.at))
        now = world.update(world.fresh(before), frozen_time=at)
        with own_time.at_clock(world, now):
            world.agenda.disarm(due.what, due.object_id)
            RUNNERS[due.what](world, due.object_id)
    ready = world.update(
        world.fresh(before),
        frozen_time=target,
        status="ready",
        status_details={"advancing": None},
    )
    emit(world, "test_helpers.test_clock.ready", ready)


def advance(world: World, seconds: float) -> None:
    """Move the clock forward, doing on the way whatever falls due."""
    offset = world.clock.offset_seconds + seconds
    target = world.clock.now() + seconds
    while run_next(world, until=target):
        pass
    world.clock.grow_to(offset)


async def advance_politely(world: World, seconds: float) -> None:
    """Advance as `advance` does, letting other tasks (deliveries) run in between."""
    offset = world.clock.offset_seconds + seconds
    target = world.clock.now() + seconds
    done = 0
    while run_next(world, until=target):
        done += 1
        if done % BREATHE_EVERY == 0:
            await asyncio.sleep(0)
    world.clock.grow_to(offset)
