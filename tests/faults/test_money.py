"""Every kind that moves money or a bill, under kill -9 and lost answers: once each.

Small numbers by default; PRUNELLA_FAULTS=full runs the full ones, PRUNELLA_SEED replays one.
"""

from __future__ import annotations

import random

import pytest
from tests.actions.test_billing import CASES, Case
from tests.actions.world import Ours, Outside, WorldClock, outside, settle_in
from tests.conftest import MakeHouse
from tests.faults.dying_worker import STEPS
from tests.faults.seeds import FULL
from tests.faults.test_actions import SEED, die_at_each

from prunella.actions import LOOK_TIMER, Action, on_look_due
from prunella.kit.clock import SystemClock
from prunella.kit.house import House

pytestmark = pytest.mark.faults

ROUNDS = 200 // len(STEPS) if FULL else 0
LOST_ANSWERS = 1000 if FULL else 2
Asked = tuple[Case, Ours, Action]


@pytest.fixture
def chance() -> random.Random:
    return random.Random(SEED)  # noqa: S311 draws a story, hides nothing


async def begin(house: House, stripe: Outside, case: Case) -> Asked:
    ours = await settle_in(house, stripe, await stripe.customer())
    asked = await case.ask(ours, await case.target(ours))
    assert asked.state == "approved", asked.decision
    return case, ours, asked


async def check_done_once(asked: list[Asked]) -> None:
    for case, ours, action in asked:
        told = f"seed {SEED}: {action.kind} {await ours.life(action)}"
        assert await case.shown(ours, action.target) == case.after, told
        assert (await ours.now(action)).state == "succeeded", told


def deaths(chance: random.Random) -> list[tuple[Case, str]]:
    """Every kind at every step, over and over; by default each once, at a step drawn by lot."""
    if ROUNDS:
        return [(case, step) for case in CASES.values() for step in STEPS * ROUNDS]
    return [(case, chance.choice(STEPS)) for case in CASES.values()]


async def test_a_worker_killed_at_any_step_does_it_once(
    make_house: MakeHouse, database_url: str, chance: random.Random
) -> None:
    async with outside() as stripe:
        house = await make_house(use_clock=SystemClock())
        planned, asked = deaths(chance), list[Asked]()

        async def begin_next() -> tuple[Ours, Action]:
            asked.append(await begin(house, stripe, planned[len(asked)][0]))
            return asked[-1][1:]

        await die_at_each([step for _, step in planned], database_url, stripe, begin_next)
        await check_done_once(asked)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
async def test_stripe_does_it_and_the_answer_is_lost(
    make_house: MakeHouse, chance: random.Random, case: Case
) -> None:
    method = "DELETE" if case.how == "now" else "POST"
    async with outside() as stripe:
        handlers = {LOOK_TIMER: on_look_due}
        house = await make_house(use_clock=WorldClock(stripe.world), handlers=handlers)
        for _ in range(LOST_ANSWERS):
            asked = await begin(house, stripe, case)
            _, ours, action = asked
            fault = chance.choice(["error_after", "timeout_after"])
            await stripe.fault(fault, case.path, method=method)
            if chance.random() < 0.5:
                await stripe.fault("error_before", "/v1/", method="GET", count=5)
            await ours.work(action)
            await stripe.http.delete("/_sandbox/faults")
            for hours in (chance.choice([0.1, 1, 25]), 1, 24):
                await stripe.pass_time(hours=hours)
                await ours.fire_timers()
                await ours.work(action)
            await check_done_once([asked])
