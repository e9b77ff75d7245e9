"""Letting time pass at the company, a day at a time, so that each letter is written on its day."""

import asyncio
import time
from dataclasses import dataclass
from datetime import timedelta

from prunella.bootstrap import CLOCK_EVERY_S
from prunella.cli.demo import store
from prunella.cli.demo.standin import StandIn
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House

A_DAY_S = timedelta(days=1).total_seconds()
AN_HOUR_S = timedelta(hours=1).total_seconds()
SPANS_S = {"1h": AN_HOUR_S, "1d": A_DAY_S, "1w": 7 * A_DAY_S}
MAX_DAYS = 21
CATCHES_UP_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Travel:
    standin: StandIn
    house: House

    async def pass_by(self, span: str) -> None:
        """Let an hour, a day or a week pass, or whatever it is until something falls due."""
        left_s = SPANS_S.get(span) or await self._until_next()
        while left_s > 0:
            step_s = min(left_s, A_DAY_S)
            await self.standin.advance(step_s)
            left_s -= step_s
            await self._caught_up()

    async def until_paid(self, customer: str) -> None:
        """There is money on the card again; days pass until one of the tries that come works."""
        await self.standin.bank_agrees(customer)
        for _ in range(MAX_DAYS):
            if not await self.standin.is_late(customer):
                return
            await self.pass_by("1d")

    async def _until_next(self) -> float:
        clock = await self.standin.clock()
        following = clock.get("next")
        return max(1.0, following["at"] - clock["now"] + 1.0) if following else AN_HOUR_S

    async def _caught_up(self) -> None:
        """Wait until Prunella has taken in what happened; not for ever."""
        until = time.monotonic() + CATCHES_UP_WITHIN_S
        while time.monotonic() < until:
            await asyncio.sleep(CLOCK_EVERY_S)
            async with self.house.transaction(SYSTEM) as tx:
                if not await store.waiting(tx):
                    return
