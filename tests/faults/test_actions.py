"""Payments under kill -9 and lost answers: one charge at Stripe, and the ledger knows it.

Small numbers by default; PRUNELLA_FAULTS=full runs the full ones, PRUNELLA_SEED replays one.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest
from tests.actions.world import Ours, Outside, WorldClock, outside, settle_in
from tests.conftest import MakeHouse
from tests.faults.dying_worker import NO_STEP, STEPS, worker
from tests.faults.forgetting import lose_the_answer
from tests.faults.seeds import FULL, drawn_seed

from prunella.actions import LOOK_TIMER, Action, on_look_due
from prunella.kit.clock import SystemClock
from prunella.kit.house import House

pytestmark = pytest.mark.faults

ROOT = Path(__file__).parents[2]
SEED = drawn_seed()
ROUNDS = 500 // len(STEPS) if FULL else 1
KILLS_AT_RANDOM = 500 if FULL else 3
PAYMENTS_AT_RANDOM = 1000 if FULL else 12
LOST_ANSWERS = 1000 if FULL else 10
A_WORKERS_TIME_S = 240
Begin = Callable[[], Awaitable[tuple[Ours, Action]]]
WHILE_SENT = {"after_taking", "while_sending", "after_sending"}


@pytest.fixture
def chance() -> random.Random:
    return random.Random(SEED)  # noqa: S311 draws a story, hides nothing


def address(stripe: Outside) -> str:
    return str(stripe.http.base_url).rstrip("/")


async def a_payment(
    house: House, stripe: Outside, *, card: str = "pm_card_visa"
) -> tuple[Ours, Action]:
    ours = await settle_in(house, stripe, await stripe.customer(card=card))
    invoice = await stripe.bill(ours.customer.address)
    await ours.see()
    return ours, await ours.ask("retry_payment", invoice)


async def until_settled(asked: list[tuple[Ours, Action]]) -> None:
    async with asyncio.timeout(A_WORKERS_TIME_S):
        for ours, action in asked:
            while (await ours.now(action)).open:  # noqa: ASYNC110 another process settles it
                await asyncio.sleep(0.2)


async def die_at_each(
    steps: Sequence[str], database_url: str, stripe: Outside, begin: Begin
) -> list[tuple[Ours, Action]]:
    """A worker dies at each step of another action; then one that lives settles them all."""
    asked = []
    for step in steps:
        asked.append(await begin())
        async with worker(database_url, address(stripe), step) as doomed:
            await asyncio.to_thread(doomed.join, A_WORKERS_TIME_S)
            assert doomed.exitcode == -9
    async with worker(database_url, address(stripe), NO_STEP):
        await until_settled(asked)
    for (ours, action), step in zip(asked, steps, strict=True):
        if step in WHILE_SENT:
            assert "unknown" in await ours.life(action), f"seed {SEED}: {step}"
    return asked


async def check_paid_once(asked: list[tuple[Ours, Action]]) -> None:
    for ours, action in asked:
        charges = await ours.stripe.charges(ours.customer.address)
        assert [charge["status"] for charge in charges] == ["succeeded"], f"seed {SEED}"
        found = await ours.now(action)
        assert found.state == "succeeded", f"seed {SEED}: {await ours.life(action)}"


async def test_a_worker_killed_at_any_step_pays_once(
    make_house: MakeHouse, database_url: str
) -> None:
    async with outside() as stripe:
        house = await make_house(use_clock=SystemClock())

        async def begin() -> tuple[Ours, Action]:
            return await a_payment(house, stripe)

        await check_paid_once(await die_at_each(STEPS * ROUNDS, database_url, stripe, begin))


async def test_workers_killed_at_random_pay_once(
    make_house: MakeHouse, database_url: str, chance: random.Random
) -> None:
    async with outside() as stripe:
        house = await make_house(use_clock=SystemClock())
        asked = [await a_payment(house, stripe) for _ in range(PAYMENTS_AT_RANDOM)]
        for _ in range(KILLS_AT_RANDOM):
            async with worker(database_url, address(stripe), NO_STEP):
                await asyncio.sleep(0.1 + chance.random())
        async with worker(database_url, address(stripe), NO_STEP):
            await until_settled(asked)
        await check_paid_once(asked)


async def test_stripe_commits_and_the_answer_is_lost(
    make_house: MakeHouse, chance: random.Random
) -> None:
    async with outside() as stripe:
        handlers = {LOOK_TIMER: on_look_due}
        house = await make_house(use_clock=WorldClock(stripe.world), handlers=handlers)
        for _ in range(LOST_ANSWERS):
            ours, action = await a_payment(house, stripe)
            await lose_the_answer(ours, action, chance, write=("POST", "/pay"), look="/v1/invoice")
            await check_paid_once([(ours, action)])
            sent = await stripe.sent(f"/{action.target}/pay")  # the log forgets what is old
            assert len(sent) == 1, "nothing was sent again"
