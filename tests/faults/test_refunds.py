"""Refunds under kill -9 and lost answers: exactly one each, and the ledger knows it.

Small numbers by default; PRUNELLA_FAULTS=full runs the full ones, PRUNELLA_SEED replays one.
"""

from __future__ import annotations

import random

import pytest
from tests.actions.test_refund import ask, paid_twice, refunds
from tests.actions.world import Ours, Outside, WorldClock, outside, settle_in
from tests.conftest import MakeHouse
from tests.faults.dying_worker import STEPS
from tests.faults.forgetting import lose_the_answer
from tests.faults.seeds import FULL
from tests.faults.test_actions import LOST_ANSWERS, SEED, die_at_each

from prunella.actions import LOOK_TIMER, Action, on_look_due
from prunella.kit.clock import SystemClock
from prunella.kit.house import House

pytestmark = pytest.mark.faults

SHARES = 4 if FULL else 1
"""The thousand, in parts that several processes run side by side."""
ROUNDS = 1000 // len(STEPS) // SHARES if FULL else 1
AMOUNT = 50
"""So small that a thousand of them stay below what may go out by itself in a day."""


async def a_refund(house: House, stripe: Outside) -> tuple[Ours, Action]:
    ours = await settle_in(house, stripe, await stripe.customer())
    asked = await ask(ours, await paid_twice(ours, amount=AMOUNT), amount=AMOUNT)
    assert asked.state == "approved", asked.decision
    return ours, asked


async def check_given_back_once(asked: list[tuple[Ours, Action]]) -> None:
    for ours, action in asked:
        assert await refunds(ours, action.target) == [AMOUNT], f"seed {SEED}"
        found = await ours.now(action)
        assert found.state == "succeeded", f"seed {SEED}: {await ours.life(action)}"


@pytest.mark.parametrize("rounds", [ROUNDS] * SHARES)
async def test_a_worker_killed_at_any_step_gives_back_once(
    make_house: MakeHouse, database_url: str, rounds: int
) -> None:
    """Each share has a database and a Stripe of its own."""
    async with outside() as stripe:
        house = await make_house(use_clock=SystemClock())

        async def begin() -> tuple[Ours, Action]:
            return await a_refund(house, stripe)

        await check_given_back_once(await die_at_each(STEPS * rounds, database_url, stripe, begin))


async def test_stripe_gives_back_and_the_answer_is_lost(make_house: MakeHouse) -> None:
    chance = random.Random(SEED)  # noqa: S311 draws a story, hides nothing
    async with outside() as stripe:
        handlers = {LOOK_TIMER: on_look_due}
        house = await make_house(use_clock=WorldClock(stripe.world), handlers=handlers)
        for _ in range(LOST_ANSWERS):
            ours, action = await a_refund(house, stripe)
            await lose_the_answer(
                ours, action, chance, write=("POST", "/v1/refunds"), look="/v1/refunds"
            )
            await check_given_back_once([(ours, action)])
            sent = [one["idempotency_key"] for one in await stripe.sent("/v1/refunds")]
            assert sent.count(action.id) == 1, "nothing was sent again"
