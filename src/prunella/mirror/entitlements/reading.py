"""Reading what customers may use: one when something happened, everyone again and again."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from prunella.connectors.subscriptions import Asked, SubscriptionsProblem, Usable
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import system_now
from prunella.kit.events import Event
from prunella.kit.house import House, Tx
from prunella.kit.jobs import Job
from prunella.kit.timers import Timer
from prunella.mirror.entitlements import store
from prunella.mirror.entitlements.standing import standing_of
from prunella.mirror.objects.store_of_customer import customers, objects_of

log = structlog.get_logger()

READ = "entitlements.read"
"""The job, with {customer}, and the timer that queues it; its subject is the customer."""
CHANGED = "entitlement.changed"
"""Another answer than the last; pages that are open look again."""
SETTLES_IN = timedelta(minutes=1)
"""So long the company's own system has to hear of a change at Stripe before it is asked."""
EACH = timedelta(hours=1)
PAGE = 200
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Readings:
    """What the company's own system says, asked for and kept. A `page` is walked at a time."""

    house: House
    source: Asked
    page: int = PAGE

    async def __call__(self, *, customer: str) -> None:
        """Job `entitlements.read`."""
        await self.read(customer)

    async def read(self, customer: str) -> Usable | None:
        """Ask for one customer; None where nobody there knows them, or nobody answered."""
        try:
            return await self.look(customer)
        except SubscriptionsProblem as problem:
            log.info("entitlement not read", customer=customer, reason=type(problem).__name__)
            return None

    async def read_if_older(self, customer: str) -> None:
        """Ask once more where Stripe says something newer than it was asked about."""
        async with self.house.transaction(SYSTEM) as tx:
            older = await _is_older(tx, customer)
        if older:
            await self.read(customer)

    async def look(self, customer: str) -> Usable | None:
        """Ask, and keep what came of it.

        Raises the tree of connectors.subscriptions.errors.
        """
        if self.source.kind == "mirror":
            return None
        asked_at = system_now()
        async with self.house.transaction(SYSTEM) as tx:
            standing = await _standing(tx, customer)
        try:
            usable = await self.source.usable(customer)
        except SubscriptionsProblem:
            async with self.house.transaction(SYSTEM) as tx:
                await store.put_failed(tx, customer, asked_at=asked_at)
            raise
        async with self.house.transaction(SYSTEM) as tx:
            before = await store.entitlement_of(tx, customer)
            await store.put(tx, customer, usable, standing=standing, asked_at=asked_at)
            if before and before.as_of and before.usable != usable:
                await tx.emit(Event(CHANGED, customer, data={"customer": customer}))
        return usable

    async def walk(self) -> int:
        """Ask for the next page of everyone, but those asked for lately; returns how many."""
        if self.source.kind == "mirror":
            return 0
        async with self.house.transaction(SYSTEM) as tx:
            page = await customers(tx, after=await store.walked(tx), limit=self.page)
            names = [one.id for one in page]
            lately = await store.asked_since(tx, names, system_now() - EACH)
            await store.walk(tx, to=names[-1] if len(names) == self.page else "")
        due = [name for name in names if name not in lately]
        places = asyncio.Semaphore(AT_ONCE)

        async def read(name: str) -> None:
            async with places:
                await self.read(name)

        async with asyncio.TaskGroup() as group:
            for name in due:
                group.create_task(read(name))
        return len(due)


async def _standing(tx: Tx, customer: str) -> str:
    found: Mapping[str, list[dict[str, Any]]] = await objects_of(tx, customer, ["subscription"])
    return standing_of(found["subscription"])


async def _is_older(tx: Tx, customer: str) -> bool:
    """Whether Stripe says something newer than the company's own system was asked about."""
    known = await store.entitlement_of(tx, customer)
    return known is not None and known.standing != await _standing(tx, customer)


async def on_plan_changed(tx: Tx, event: Event) -> None:
    """Listener: ask again, once the company's own system has heard of it, too.

    Not where a plan is as it was, with another bill.
    """
    customer = event.data.get("customer")
    if not isinstance(customer, str):
        return
    if await _is_older(tx, customer):
        await tx.arm(Timer(READ, customer, tx.now + SETTLES_IN))


async def on_due(tx: Tx, timer: Timer) -> None:
    await ask_soon(tx, timer.subject)


async def ask_soon(tx: Tx, customer: str) -> None:
    """Have a worker ask for them."""
    await tx.defer(Job(READ, {"customer": customer}, lock=f"{READ}:{customer}"))
