"""A person's approval in a process that kills itself at one step of it.

python -m tests.faults.dying_approver DATABASE_URL ACTION STEP
"""

import asyncio
import sys
from typing import Literal

from tests.faults.dying_worker import die

from prunella.actions import Action, Approval, Approvals, Door, Policy
from prunella.actions.policy import Decision, Facts
from prunella.actions.store_approval import Outcome
from prunella.kit.actor import Actor
from prunella.kit.clock import SystemClock
from prunella.kit.house import House, Tx
from prunella.kit.jobs import Jobs
from prunella.kit.pool import open_pool
from prunella.settings import load_content, shipped

STEPS = ("before_judging", "after_judging", "after_deciding", "after_commit")
AGENT = Actor("staff", "tok_agent", "agent", verified=True)


class Dying(Approvals):
    """Decides like the real one, up to `step`."""

    __slots__ = ("step",)
    step: str

    async def _weigh(self, tx: Tx, action: Action) -> tuple[Decision, Facts]:
        self._come_to("before_judging")
        judged = await super()._weigh(tx, action)
        self._come_to("after_judging")
        return judged

    async def _approve(
        self,
        tx: Tx,
        action: Action,
        approval: Approval,
        judged: tuple[Decision, Facts],
        *,
        note: str,
        shown: str,
    ) -> Outcome | Literal["changed"]:
        said = await super()._approve(tx, action, approval, judged, note=note, shown=shown)
        self._come_to("after_deciding")
        return said

    def _come_to(self, step: str) -> None:
        if self.step == step:
            die()


async def main(database_url: str, action: str, step: str) -> None:
    jobs = Jobs()
    pool = await open_pool(database_url, max_size=2)
    house = House(pool=pool, clock=SystemClock(), jobs=jobs, listeners={}, handlers={})
    await jobs.open(pool)
    approvals = Dying(Door(Policy.read(load_content(shipped("content")))))
    object.__setattr__(approvals, "step", step)
    async with house.transaction(AGENT) as tx:
        await approvals.decide(tx, action, approve=True, note="Agreed on the phone.")
    die()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
