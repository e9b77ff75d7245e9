"""Many at once against one limit: what goes back stays within what was paid, and within the caps.

Small numbers by default; PRUNELLA_FAULTS=full runs the full ones, PRUNELLA_SEED replays one.
"""

from __future__ import annotations

import asyncio
import random

import pytest
from tests.actions.test_refund import ask, pay
from tests.actions.world import Ours, WorldClock, outside, settle_in
from tests.conftest import MakeHouse
from tests.faults.seeds import FULL
from tests.faults.test_actions import SEED

from prunella.actions import LOOK_TIMER, Action, on_look_due
from prunella.kit.actor import Actor

pytestmark = pytest.mark.faults

AT_ONCE = 64
ROUNDS = 500 if FULL else 3
SPLITS = 1000 if FULL else 5
CAP, CUSTOMERS_CAP, MOST_REFUNDS = 5_000, 10_000, 2
ADMIN = Actor(kind="staff", id="staff_admin", role="admin", verified=True)


def gone(asked: list[Action]) -> list[int]:
    return [one.amount or 0 for one in asked if one.state == "approved"]


async def all_at_once(ours: Ours, charge: str, amounts: list[int], *, actor: Actor) -> list[Action]:
    tabs = [
        ask(ours, charge, amount=amount, actor=actor, business_key=f"{charge}:{n}:{actor.kind}")
        for n, amount in enumerate(amounts)
    ]
    return list(await asyncio.gather(*tabs))


async def test_64_at_once_never_give_back_more_than_was_paid_nor_the_cap(
    make_house: MakeHouse,
) -> None:
    chance = random.Random(SEED)  # noqa: S311 draws a story, hides nothing
    async with outside() as stripe:
        house = await make_house(
            use_clock=WorldClock(stripe.world), handlers={LOOK_TIMER: on_look_due}
        )
        for _ in range(ROUNDS):
            ours = await settle_in(house, stripe, await stripe.customer())
            paid = chance.randint(1_000, 40_000)
            charge = await pay(ours, amount=paid)
            await ours.see()
            amounts = [chance.randint(1, paid) for _ in range(AT_ONCE)]
            await stripe.pass_time(hours=25)  # another day, with its own automatic money
            by_themselves = gone(await all_at_once(ours, charge, amounts, actor=ours.person))
            assert sum(by_themselves) <= min(paid, CAP), f"seed {SEED}"
            assert len(by_themselves) <= MOST_REFUNDS, f"seed {SEED}"
            by_hand = gone(await all_at_once(ours, charge, amounts, actor=ADMIN))
            assert sum(by_themselves) + sum(by_hand) <= paid, f"seed {SEED}"


async def test_a_cap_split_over_many_small_refunds_is_never_passed(make_house: MakeHouse) -> None:
    chance = random.Random(SEED)  # noqa: S311 draws a story, hides nothing
    async with outside() as stripe:
        house = await make_house(
            use_clock=WorldClock(stripe.world), handlers={LOOK_TIMER: on_look_due}
        )
        for _ in range(SPLITS):
            ours = await settle_in(house, stripe, await stripe.customer())
            charges = [await pay(ours, amount=8_000, order=f"{n}") for n in range(3)]
            await ours.see()
            await stripe.pass_time(hours=25)
            asked: list[Action] = []
            for n in range(chance.randint(4, 12)):
                charge, amount = chance.choice(charges), chance.randint(1, CAP)
                one = ask(ours, charge, amount=amount, business_key=f"{ours.customer.id}:{n}")
                asked.append(await one)
                if chance.random() < 0.3:
                    await ours.work(asked[-1])
                    await ours.see()
            went = gone(asked)
            assert sum(went) <= CUSTOMERS_CAP, f"seed {SEED}"
            assert len(went) <= MOST_REFUNDS, f"seed {SEED}"
            for charge in charges:
                of_it = [one for one in asked if one.target == charge]
                assert sum(gone(of_it)) <= CAP, f"seed {SEED}"
