"""A contact: one thread with a customer on one channel. It ends in exactly one outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from prunella.cases import store_contacts as store
from prunella.cases.tier import Channel, Direction, Tier, deepest, in_order
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.kit.money import Money
from prunella.kit.timers import Timer

SILENCE = timedelta(hours=72)
"""After an answer and this much silence on every channel, a contact counts as settled."""
ASSUME = "contact.assume"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a contact ended: at which tier, confirmed or assumed, and what it cost."""

    contact: str
    tier: Tier
    confirmed: bool
    tiers: tuple[Tier, ...]
    cost: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """`subject` is the id of what it is about, or empty; `tiers` those it has touched so far.

    `heard_at`: when the customer last wrote; `answered_at`: when we last answered them for good.
    """

    id: str
    customer: str
    channel: Channel
    direction: Direction
    subject: str
    tiers: tuple[Tier, ...]
    created_at: datetime
    heard_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None

    async def touch(self, tx: Tx, tier: Tier) -> Contact:
        """Note that the contact reached this tier; it will cost what the tier costs."""
        await store.touch(tx, self.id, tier)
        return await get(tx, self.id) or self

    async def answer(self, tx: Tx) -> None:
        """Note that the customer has our answer: from now on silence counts as settled."""
        if await store.answered(tx, self.id):
            await tx.arm(Timer(ASSUME, self.id, tx.now + SILENCE))

    async def hear(self, tx: Tx) -> None:
        """Note that the customer wrote: an answer is owed again."""
        await store.heard(tx, self.id)
        await tx.disarm(ASSUME, self.id)

    def is_heard(self, at: datetime) -> bool:
        """Whether it is known already that the customer wrote then, and that an answer is owed."""
        return self.heard_at == at and self.answered_at is None and self.ended_at is None

    async def see(self, tx: Tx) -> None:
        """Note that the customer did something of their own here."""
        await store.seen(tx, self.id)

    async def end(self, tx: Tx, *, tier: Tier, confirmed: bool) -> Outcome:
        """Write the one outcome. A second end changes nothing and returns the first outcome."""
        touched = (await self.touch(tx, tier)).tiers
        how = {"tier": tier, "confirmed": confirmed, "tiers": in_order(touched)}
        if await store.add_outcome(tx, self.id, how):
            await tx.disarm(ASSUME, self.id)
            data = {"tier": tier, "confirmed": confirmed, "subject": self.subject}
            await tx.emit(Event("contact.ended", self.id, self.customer, data))
        return await _outcome(tx, self.id)


async def open_contact(
    tx: Tx,
    customer: str,
    *,
    channel: Channel,
    direction: Direction,
    tier: Tier,
    subject: str = "",
) -> Contact:
    """Open a contact, or take up the open one of the same channel, direction and subject."""
    how: dict[str, Any] = {"channel": channel, "direction": direction, "tier": tier}
    return (await open_or_take_up(tx, customer, **how, subject=subject))[0]


async def open_or_take_up(
    tx: Tx,
    customer: str,
    *,
    channel: Channel,
    direction: Direction,
    tier: Tier,
    subject: str = "",
) -> tuple[Contact, bool]:
    """Open a contact or take up the open one; says whether it is new."""
    what = {"customer": customer, "channel": channel, "direction": direction, "subject": subject}
    keys = {"id": tx.new_id("cnt"), "tiers": [tier], "now": tx.now}
    contact = _contact(await store.open_or_take_up(tx, {**what, **keys}))
    return contact, contact.id == keys["id"]


def of_new(
    tx: Tx, customer: str, *, channel: Channel, direction: Direction, tier: Tier, subject: str
) -> Contact:
    """Return a contact about what is new itself: it is written together with that."""
    return Contact(
        id=tx.new_id("cnt"),
        customer=customer,
        channel=channel,
        direction=direction,
        subject=subject,
        tiers=(tier,),
        created_at=tx.now,
        heard_at=tx.now if direction == "inbound" else None,
        answered_at=None,
        ended_at=None,
    )


async def drop_new(tx: Tx, contact: Contact) -> None:
    """Take back a contact that this transaction opened, and nothing hangs on yet."""
    await store.drop(tx, contact.id)


async def get(tx: Tx, contact: str) -> Contact | None:
    row = await store.by_id(tx, contact)
    return None if row is None else _contact(row)


async def find_open(tx: Tx, customer: str, *, subject: str) -> Contact | None:
    """Return the customer's newest open contact about this subject, on whatever channel."""
    row = await store.newest_open(tx, customer, subject)
    return None if row is None else _contact(row)


async def all_open_about(tx: Tx, subject: str) -> list[Contact]:
    """Return and lock every open contact about this subject."""
    return [_contact(row) for row in await store.open_about(tx, subject)]


async def is_owed(tx: Tx, contact: Contact) -> bool:
    """Whether a person still owes an answer on a case of this contact."""
    return await store.someone_owes(tx, contact.id)


async def assume_settled(tx: Tx, timer: Timer) -> None:
    """End a contact after silence. Handler of the timer `contact.assume`.

    Silence on every channel: word from the customer anywhere moves the day. While a person still
    owes an answer on the contact's case, nothing is assumed.
    """
    row = await store.lock(tx, timer.subject)
    contact = _contact(row) if row else None
    if contact is None or contact.ended_at is not None or contact.answered_at is None:
        return
    if await is_owed(tx, contact):
        return
    heard = await store.last_word(tx, contact.customer)
    due_at = max(contact.answered_at, heard or contact.answered_at) + SILENCE
    if due_at > tx.now:
        await tx.arm(Timer(ASSUME, contact.id, due_at))
        return
    await contact.end(tx, tier=deepest(contact.tiers), confirmed=False)


async def set_tier_costs(tx: Tx, costs: Mapping[Tier, Money]) -> None:
    """Keep what a contact costs at each tier from now on. Outcomes keep what held before."""
    await store.set_costs(tx, [(tier, cost.amount, cost.currency) for tier, cost in costs.items()])


async def _outcome(tx: Tx, contact: str) -> Outcome:
    row = await store.outcome(tx, contact)
    return Outcome(
        contact=row["contact"],
        tier=row["tier"],
        confirmed=row["confirmed"],
        tiers=tuple(row["tiers"]),
        cost=Money(row["cost"], row["currency"]),
        at=row["at"],
    )


def _contact(row: store.Row) -> Contact:
    return Contact(**row | {"tiers": tuple(row["tiers"])})
