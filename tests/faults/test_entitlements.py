"""What is switched on under kill -9 and lost answers: it is on in the end, under one key.

Small numbers by default; PRUNELLA_FAULTS=full runs the full ones, PRUNELLA_SEED replays one.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from tests.actions.world import Ours, Outside, WorldClock, outside, settle_in
from tests.conftest import MakeHouse
from tests.faults.dying_worker import STEPS
from tests.faults.forgetting import lose_the_answer
from tests.faults.seeds import FULL, drawn_seed
from tests.faults.test_actions import address, die_at_each

from prunella import mirror
from prunella.actions import LOOK_TIMER, Action, on_look_due
from prunella.connectors.subscriptions import HttpSource
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import SystemClock
from prunella.kit.house import House

pytestmark = pytest.mark.faults

SEED = drawn_seed()
ROUNDS = 500 // len(STEPS) if FULL else 1
LOST_ANSWERS = 1000 if FULL else 6
SOLD = {"currency": "usd", "unit_amount": "250000", "recurring[interval]": "month"}


@pytest.fixture
def chance() -> random.Random:
    return random.Random(SEED)  # noqa: S311 draws a story, hides nothing


@dataclass
class Town:
    """Customers of one plan, and the company's own system, which forgets what they pay for."""

    house: House
    stripe: Outside
    source: HttpSource
    price: str

    async def forgotten(self) -> tuple[Ours, Action]:
        """Somebody who pays, for whom nothing is on, and who has just asked for it."""
        known = await self.stripe.customer()
        ours = await settle_in(self.house, self.stripe, known, self.source)
        item = {"items[0][price]": self.price}
        await self.stripe.post("subscriptions", customer=known["id"], **item)
        await ours.see()
        off = {"customer": known["id"], "plan": None, "active": False}
        answer = await self.stripe.http.post("/_sandbox/entitlements", json=off)
        assert answer.is_success, answer.text
        await ours.carry_out.own.readings.read(known["id"])
        return ours, await ours.ask("sync_entitlement", known["id"])

    async def check_on(self, ours: Ours, action: Action) -> None:
        """It is on, the ledger knows it, and whatever was sent was sent under the one key."""
        found = await ours.now(action)
        assert found.state == "succeeded", f"seed {SEED}: {await ours.life(action)}"
        usable = await self.source.usable(action.target)
        assert usable is not None
        assert (usable.plan, usable.active) == ("starter", True), f"seed {SEED}"
        assert await self.keys(action) == {action.id}, f"seed {SEED}"

    async def keys(self, action: Action) -> set[str]:
        return {one["idempotency_key"] for one in await self.writes(action)}

    async def writes(self, action: Action) -> list[dict[str, Any]]:
        log = (await self.stripe.http.get("/_sandbox/requests")).json()["requests"]
        path = f"/entitlements/{action.target}"
        return [one for one in log if one["method"] == "PUT" and one["path"] == path]


async def town(house: House, stripe: Outside) -> Town:
    product = await stripe.post("products", name="Starter")
    price = await stripe.post("prices", product=product["id"], lookup_key="starter_usd", **SOLD)
    source = HttpSource(f"{address(stripe)}/entitlements", token="of_the_suite", writable=True)
    async with house.transaction(SYSTEM) as tx:
        await mirror.set_source(tx, source)
        sql = "insert into plan_refs (ref, plan, asks) values ('starter_usd', 'starter', false)"
        await tx.execute(sql)
    return Town(house, stripe, source, price["id"])


@pytest.fixture
async def stripe() -> AsyncIterator[Outside]:
    async with outside() as found:
        yield found


async def test_a_worker_killed_at_any_step_leaves_it_on(
    make_house: MakeHouse, database_url: str, stripe: Outside
) -> None:
    here = await town(await make_house(use_clock=SystemClock()), stripe)
    for ours, action in await die_at_each(STEPS * ROUNDS, database_url, stripe, here.forgotten):
        await here.check_on(ours, action)
    await here.source.close()


async def test_it_was_done_and_the_answer_is_lost(
    make_house: MakeHouse, stripe: Outside, chance: random.Random
) -> None:
    handlers = {LOOK_TIMER: on_look_due}
    here = await town(
        await make_house(use_clock=WorldClock(stripe.world), handlers=handlers), stripe
    )
    for _ in range(LOST_ANSWERS):
        ours, action = await here.forgotten()
        await lose_the_answer(
            ours, action, chance, write=("PUT", "/entitlements"), look="/entitlements"
        )
        await here.check_on(ours, action)
        assert len(await here.writes(action)) == 1, "nothing was sent again"
    await here.source.close()
