"""One page of a sweep: compare, look at what is not listed, store, tell."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from prunella.connectors.stripe.errors import StripeNotFound, StripeRefused
from prunella.connectors.stripe.reads import Reads, Reply
from prunella.kit.actor import SYSTEM
from prunella.kit.events import Event
from prunella.kit.house import House, Tx
from prunella.mirror.freshness.store import note_contact
from prunella.mirror.objects import store as objects
from prunella.mirror.objects.seen import Seen, missing, unfold, unfold_page
from prunella.mirror.sweep import store
from prunella.mirror.sweep.compare import Difference, differences
from prunella.mirror.sweep.store import Found, Turn
from prunella.mirror.sweep.telling import untold
from prunella.mirror.taking.settle import TOLD

NEWS = timedelta(days=35)
Rest = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Mends the mirror from what Stripe lists; `rest` is awaited before each request."""

    house: House
    reads: Reads
    rest: Rest

    async def mend(self, turn: Turn, reply: Reply, *, after: datetime, until: datetime) -> Found:
        """Take in a page that lists everything between two moments; keep the turn with it."""
        sights = list(unfold_page(reply.data, since=reply.since, until=reply.until))
        own = [seen for seen in sights if seen.kind == turn.kind]
        listed = [seen.id for seen in own]
        sights += await self._absent(turn.kind, listed, after=after, until=until)
        if turn.kind == "customer" and turn.whole:
            for seen in own:
                sights += await self._methods_of(seen.id)
                sights += await self._balance_of(seen) if seen.data.get("balance") else []
        return await self._store(turn, sights, count=len(own))

    async def _absent(
        self, kind: str, listed: list[str], *, after: datetime, until: datetime
    ) -> list[Seen]:
        """Look at all that the mirror has between two moments and the list has not.

        Many more than are gone, where a whole company was imported within one second.
        """
        found: list[Seen] = []
        while True:
            async with self.house.transaction(SYSTEM) as tx:
                names = await store.suspects(tx, kind, after=after, until=until, seen=listed)
            found += await self._look(kind, names)
            if len(names) < store.MOST_SUSPECTS:
                return found
            listed = listed + names

    async def _methods_of(self, stripe_customer: str) -> list[Seen]:
        """Read a customer's payment methods, and those that it seems to have no more."""
        await self.rest()
        try:
            reply = await self.reads.payment_methods(stripe_customer)
        except (StripeNotFound, StripeRefused):
            return []
        sights = list(unfold_page(reply.data, since=reply.since, until=reply.until))
        async with self.house.transaction(SYSTEM) as tx:
            listed = [seen.id for seen in sights]
            names = await store.other_methods(tx, stripe_customer, listed)
        return sights + await self._look("payment_method", names)

    async def _balance_of(self, customer: Seen) -> list[Seen]:
        """Read what moved the balance of a customer who has one: no event tells of it."""
        await self.rest()
        try:
            reply = await self.reads.balance_transactions(customer.id)
        except (StripeNotFound, StripeRefused):
            return []
        return list(unfold_page(reply.data, since=reply.since, until=reply.until))

    async def _look(self, kind: str, names: Sequence[str]) -> list[Seen]:
        found: list[Seen] = []
        for name in names:
            await self.rest()
            reply = await self.reads.look(kind, name)
            if reply:
                found += unfold(reply.data, since=reply.since, until=reply.until)
                continue
            async with self.house.transaction(SYSTEM) as tx:
                known = await objects.get(tx, name)
            if known:
                found.append(missing(kind, name, at=known.as_of_until, last=known.data))
        return found

    async def _store(self, turn: Turn, sights: list[Seen], *, count: int) -> Found:
        keep = partial(self._keep, turn=turn, sights=sights, count=count)
        mended = await self.house.transact(SYSTEM, keep)
        await objects.adopt_late(self.house, [one.seen for one in mended])
        return _figures(mended, seen=count)

    async def _keep(
        self, tx: Tx, *, turn: Turn, sights: list[Seen], count: int
    ) -> list[Difference]:
        known = await objects.find(tx, {seen.id for seen in sights})
        soon = await store.waiting(tx, list(known.keys() | {seen.id for seen in sights}))
        latest = {seen.id: seen for seen in sights if seen.id not in soon}
        found = differences(latest.values(), known)
        versions = {name: mirrored.version for name, mirrored in known.items()}
        stored = await objects.put_over(tx, [one.seen for one in found], versions)
        mended = [one for one in found if one.seen.id in stored]
        await _tell(tx, mended)
        await store.keep(tx, turn, _figures(mended, seen=count))
        await note_contact(tx, self.reads.contact)
        return mended


def _figures(mended: Sequence[Difference], *, seen: int) -> Found:
    gone = sum(one.seen.deleted for one in mended)
    new = sum(one.known is None for one in mended)
    return Found(seen=seen, missing=new, different=len(mended) - gone - new, deleted=gone)


def _matters(one: Difference, now: datetime) -> bool:
    """What was over long before we first saw it is history, not news."""
    if one.known or one.seen.created is None:
        return True
    is_open = (one.seen.kind, one.seen.status) == ("invoice", "open")
    return is_open or one.seen.created > now - NEWS


async def _tell(tx: Tx, mended: Sequence[Difference]) -> None:
    """Emit what webhooks would have told; those that come later find it told."""
    owners = await objects.owners(tx, {one.seen.id for one in mended})
    for one in sorted(mended, key=lambda one: (one.seen.created or one.seen.since, one.seen.id)):
        customer = owners.get(one.seen.id) or one.seen.customer
        data = {"customer": customer, "kind": one.seen.kind, "event": None}
        for name in untold(one) if _matters(one, tx.now) else ():
            if name.startswith(TOLD):
                await tx.emit(Event(name=f"stripe.{name}", subject=one.seen.id, data=data))
