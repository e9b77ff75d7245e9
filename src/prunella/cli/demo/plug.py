"""`kill -9` in mid-refund: Stripe has done it and does not answer, and who waits for it is gone."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path

from prunella import actions
from prunella.cli.demo.asking import Asking
from prunella.cli.demo.known import end_known
from prunella.cli.demo.standin import StandIn
from prunella.kit.actor import SYSTEM

WORKER = "worker.pid"
AMOUNT = 2_000
SILENT_FOR_S = 20.0
LOOK_EVERY_S = 0.1
DONE_WITHIN_S, SETTLED_WITHIN_S = 60.0, 150.0


@dataclass(frozen=True, slots=True)
class Plug:
    standin: StandIn
    asking: Asking
    worker: Path

    async def pull(self) -> str | None:
        """Return the action, settled or not; None where nothing goes back by itself just now."""
        asked = await self.asking.next_one(AMOUNT)
        if asked is None:
            return None
        await self.standin.fall_silent("/v1/refunds", for_s=SILENT_FOR_S)
        action = await self.asking.ask(asked)
        if await comes(lambda: self._is_done(asked.target), within_s=DONE_WITHIN_S):
            await asyncio.to_thread(end_known, self.worker)
        await comes(lambda: self._is_settled(action.id), within_s=SETTLED_WITHIN_S)
        return action.id

    async def _is_done(self, charge: str) -> bool:
        return bool(await self.standin.refunds(charge))

    async def _is_settled(self, name: str) -> bool:
        async with self.asking.house.transaction(SYSTEM) as tx:
            action = await actions.get(tx, name)
        return action is None or not action.open


async def comes(holds: Callable[[], Coroutine[None, None, bool]], *, within_s: float) -> bool:
    for _ in range(int(within_s / LOOK_EVERY_S)):
        if await holds():
            return True
        await asyncio.sleep(LOOK_EVERY_S)
    return False
