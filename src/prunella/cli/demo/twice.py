"""The same action sent twice at one moment under one key, then with another amount under it."""

import asyncio
from dataclasses import dataclass, replace

from prunella import actions
from prunella.actions import Action, ActionRequest
from prunella.cli.demo.asking import Asking
from prunella.cli.demo.plug import comes
from prunella.cli.demo.standin import StandIn
from prunella.kit.actor import SYSTEM
from prunella.kit.idempotency import KeyReusedError
from prunella.kit.ids import new_id

AMOUNT, OTHER_AMOUNT = 1_100, 1_200
SCOPE = "demo"
SETTLED_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Both answers, what was said to the other amount, and how often it was done at Stripe."""

    key: str
    action: Action
    answers: tuple[str, str]
    refused: str
    count: int


@dataclass(frozen=True, slots=True)
class Twice:
    standin: StandIn
    asking: Asking

    async def send(self) -> Sent | None:
        """None where nothing goes back by itself just now."""
        asked = await self.asking.next_one(AMOUNT)
        if asked is None:
            return None
        key = new_id("key")
        first, second = await asyncio.gather(self._ask(asked, key), self._ask(asked, key))
        refused = await self._refused(replace(asked, amount=OTHER_AMOUNT), key)
        await comes(lambda: self._is_settled(first.id), within_s=SETTLED_WITHIN_S)
        async with self.asking.house.transaction(SYSTEM) as tx:
            now = await actions.get(tx, first.id) or first
        return Sent(
            key=key,
            action=now,
            answers=(first.id, second.id),
            refused=refused,
            count=len(await self.standin.refunds(asked.target)),
        )

    async def _ask(self, asked: ActionRequest, key: str) -> Action:
        async with self.asking.house.transaction(asked.actor or SYSTEM) as tx:
            return await self.asking.door.request_once(tx, asked, scope=SCOPE, key=key)

    async def _refused(self, asked: ActionRequest, key: str) -> str:
        try:
            await self._ask(asked, key)
        except KeyReusedError as error:
            return str(error.__doc__)
        return ""

    async def _is_settled(self, name: str) -> bool:
        async with self.asking.house.transaction(SYSTEM) as tx:
            action = await actions.get(tx, name)
        return action is None or not action.open
