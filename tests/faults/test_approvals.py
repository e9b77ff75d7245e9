"""A person approves, and the process dies at any step of it: approved wholly or not at all."""

from __future__ import annotations

import asyncio
import sys

import pytest
from tests.actions.test_approval import AGENT, decide, refunds, said, waits
from tests.actions.world import outside, settle_in
from tests.conftest import MakeHouse
from tests.faults.dying_approver import STEPS
from tests.faults.seeds import FULL
from tests.faults.test_actions import A_WORKERS_TIME_S, ROOT

from prunella import audit
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import SystemClock
from prunella.kit.house import House

pytestmark = pytest.mark.faults

ROUNDS = 25 if FULL else 1


async def die_at(database_url: str, action: str, step: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.dying_approver", database_url, action, step, cwd=ROOT
    )
    assert await asyncio.wait_for(process.wait(), A_WORKERS_TIME_S) == -9


async def approvals_in_the_log(house: House, action: str) -> int:
    async with house.transaction(SYSTEM) as tx:
        return sum(one.verb == "action.approved" for one in await audit.of_subject(tx, action))


@pytest.mark.parametrize("step", STEPS)
async def test_whoever_dies_while_they_approve_approves_wholly_or_not_at_all(
    make_house: MakeHouse, database_url: str, step: str
) -> None:
    async with outside() as stripe:
        house = await make_house(use_clock=SystemClock())
        for _ in range(ROUNDS):
            ours = await settle_in(house, stripe, await stripe.customer())
            action = await waits(ours)
            await die_at(database_url, action.id, step)
            held = step != "after_commit"
            assert (await ours.now(action)).state == ("awaiting_approval" if held else "approved")
            assert ((await said(ours, action)).outcome is None) is held
            assert await approvals_in_the_log(house, action.id) == (0 if held else 1)
            assert await decide(ours, action, AGENT) == "approved"
            assert (await ours.work(action)).state == "succeeded"
            assert await approvals_in_the_log(house, action.id) == 1
            assert sum(one["charge"] == action.target for one in await refunds(ours)) == 1
