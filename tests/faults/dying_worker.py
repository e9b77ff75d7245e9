"""A worker that carries out payments and kills itself at one step, or works until it is killed.

Each is a process of its own, forked from one that has imported everything already: a thousand
deaths then cost little more than what they interrupt.
"""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.process import BaseProcess
from typing import NoReturn

from prunella import actions, mirror
from prunella.actions.action import Action
from prunella.actions.carry_out import CarryOut, OwnSystem
from prunella.connectors.stripe.client import build_client
from prunella.connectors.stripe.pace import Pace
from prunella.connectors.stripe.reads import Reads
from prunella.connectors.stripe.writes import Done, Writes
from prunella.connectors.subscriptions import HttpSource
from prunella.kit.clock import SystemClock
from prunella.kit.house import House
from prunella.kit.jobs import Jobs
from prunella.kit.pool import open_pool

STEPS = ("before_taking", "after_taking", "while_sending", "after_sending", "after_settling")
NO_STEP = "never"
RESCUE_EVERY_S = 0.5
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["pytest", __name__])


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


class Dying(CarryOut):
    """Carries out like the real one, up to `step`."""

    __slots__ = ("step",)
    step: str

    async def _take(self, action_id: str) -> Action | None:
        self._come_to("before_taking")
        taken = await super()._take(action_id)
        if taken and taken.state == "submitting":
            self._come_to("after_taking")
        return taken

    async def _call(self, action: Action) -> Done:
        if self.step == "while_sending":
            sending = asyncio.ensure_future(super()._call(action))
            await asyncio.sleep(0.005)
            sending.cancel()
            die()
        done = await super()._call(action)
        self._come_to("after_sending")
        return done

    async def _done(self, action: Action, done: Done) -> None:
        await super()._done(action, done)
        self._come_to("after_settling")

    def _come_to(self, step: str) -> None:
        if self.step == step:
            die()


async def main(database_url: str, stripe_url: str, step: str) -> None:
    jobs, clock = Jobs(), SystemClock()
    house = House(
        pool=await open_pool(database_url, max_size=10),
        clock=clock,
        jobs=jobs,
        listeners={},
        handlers={},
    )
    client = build_client("sk_test_worker", api_base=stripe_url, max_network_retries=0)
    reads = Reads(client, pace=Pace(1000.0), clock=clock)
    source = HttpSource(f"{stripe_url}/entitlements", token="of_the_suite", writable=True)
    own = OwnSystem(mirror.Readings(house, source), source)
    carry_out = Dying(house, Writes(client), reads, own, "http://prunella.example")
    object.__setattr__(carry_out, "step", step)
    jobs.register(actions.CARRY_OUT, carry_out)

    async def look_away(**_args: str) -> None: ...

    jobs.register(actions.REFRESH, look_away)
    await jobs.open(house.pool)
    async with asyncio.TaskGroup() as group:
        group.create_task(jobs.work(concurrency=4))
        if step == NO_STEP:  # who is about to die saves nobody
            group.create_task(_rescue(jobs))


async def _rescue(jobs: Jobs) -> None:
    while True:
        await jobs.rescue_stalled()
        await asyncio.sleep(RESCUE_EVERY_S)


def _run(database_url: str, stripe_url: str, step: str) -> None:
    asyncio.run(main(database_url, stripe_url, step))


@asynccontextmanager
async def worker(database_url: str, stripe_url: str, step: str) -> AsyncIterator[BaseProcess]:
    """Let one work while the block runs, unless it dies before; then it is killed."""
    process = _FORKS.Process(target=_run, args=(database_url, stripe_url, step))
    process.start()
    try:
        yield process
    finally:
        process.kill()
        await asyncio.to_thread(process.join)
