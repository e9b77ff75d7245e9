"""Customers who ask for money back: some in the first morning, one whenever a chapter needs it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from prunella import mirror, people
from prunella.actions import Action, ActionRequest, Door
from prunella.cli.demo.residents import Resident
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.house import House, Tx

THIS_MORNING = (1_500, 2_500, 4_000, 1_200, 4_500, 3_000)
"""What customers asked for before anybody looks, in cents: past decisions to judge again."""
BELONG_TO_A_STORY = {"Alder Lane Grocers"}
CURRENCY = "usd"


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks as a customer who is signed in would: through the same door, by the same rules."""

    house: House
    door: Door
    residents: Sequence[Resident]

    async def this_morning(self) -> int:
        asked = 0
        async for request in self._possible():
            if asked == len(THIS_MORNING):
                break
            await self._ask(request, THIS_MORNING[asked])
            asked += 1
        return asked

    async def next_one(self, amount: int) -> ActionRequest | None:
        """Find one whose money goes back by itself now; None when that is nobody's."""
        async for request in self._possible():
            weighed = _of(request, amount)
            async with self.house.transaction(SYSTEM) as tx:
                decision = await self.door.weigh(tx, weighed)
            if decision.verdict == "allow":
                return weighed
        return None

    async def ask(self, request: ActionRequest) -> Action:
        async with self.house.transaction(request.actor or SYSTEM) as tx:
            return await self.door.request(tx, request)

    async def _ask(self, request: ActionRequest, amount: int) -> Action:
        return await self.ask(_of(request, amount))

    async def _possible(self) -> AsyncIterator[ActionRequest]:
        """Those who are well and have paid, newest payment; nobody asked about it so far."""
        for resident in self.residents:
            async with self.house.transaction(SYSTEM) as tx:
                request = await _request(tx, resident)
            if request:
                yield request


async def _request(tx: Tx, resident: Resident) -> ActionRequest | None:
    if resident["state"] != "healthy" or resident["name"] in BELONG_TO_A_STORY:
        return None
    customer = await people.find_customer(tx, resident["id"])
    known = await mirror.objects_of(tx, resident["id"])
    paid = next((one for one in known.get("charge", ()) if _is_whole(one)), None)
    if customer is None or paid is None:
        return None
    return ActionRequest(
        kind="refund",
        customer=customer.id,
        target=paid["id"],
        currency=CURRENCY,
        reason="not_as_promised",
        business_key=f"refund:{paid['id']}",
        actor=Actor(kind="customer", id=customer.id, role="owner", verified=True),
    )


def _is_whole(charge: Mapping[str, Any]) -> bool:
    """Whether nothing of it went back yet."""
    is_paid = charge["status"] == "succeeded" and charge["currency"] == CURRENCY
    return is_paid and not charge["amount_refunded"] and not charge["disputed"]


def _of(request: ActionRequest, amount: int) -> ActionRequest:
    return replace(request, amount=amount)
