"""Events: written with one delivery per listener, in the transaction of the change itself.

Listeners stand in bootstrap's one table. A delivery runs its listener and marks itself done in
one transaction, so what a listener writes to the database happens once; a listener looks at the
state again, because by then more may have happened.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from psycopg.types.json import Jsonb

from prunella.kit.actor import SYSTEM
from prunella.kit.clock import system_now

if TYPE_CHECKING:
    from prunella.kit.house import House, Tx

log = structlog.get_logger()

MAX_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; `subject` is the id of what it happened to."""

    name: str
    subject: str
    customer: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None


Listener = Callable[["Tx", Event], Awaitable[None]]
Listeners = Mapping[str, Sequence[tuple[str, Listener]]]
"""Event name to (listener name, listener); a listener's name is stored with its deliveries."""

_INSERT = """
with new as (
  insert into events (name, subject, customer, data, at) values (%s, %s, %s, %s, %s) returning seq
)
insert into deliveries (event, listener, next_at)
select new.seq, listener, %s from new, unnest(%s::text[]) listener
"""
_CLAIM = """
select d.event, d.listener, d.attempts, e.name, e.subject, e.customer, e.data, e.at
from deliveries d join events e on e.seq = d.event
where d.next_at <= %s and not d.dead
order by d.next_at, d.event
limit 1 for update of d skip locked
"""
_DONE = "delete from deliveries where event = %s and listener = %s"
_AGAIN = """
update deliveries set attempts = attempts + 1, next_at = %s, dead = %s, error = %s
where event = %s and listener = %s
"""
_TAIL = """
select seq, name, subject, coalesce(customer, data ->> 'customer') as customer
from events where seq > %s order by seq limit %s
"""
_LAST = "select coalesce(max(seq), 0) as seq from events"


async def write(tx: "Tx", event: Event, listeners: Sequence[str]) -> None:
    """Insert the event and its deliveries."""
    row = (event.name, event.subject, event.customer, Jsonb(dict(event.data)), tx.now)
    await tx.send(_INSERT, (*row, system_now(), list(listeners)))


async def deliver_one(house: "House") -> int:
    """Run the next due delivery. Returns 1, or 0 when none is due."""
    async with house.transaction(SYSTEM) as tx:
        row = await tx.one(_CLAIM, (system_now(),))
        if row is None:
            return 0
        event = Event(row["name"], row["subject"], row["customer"], row["data"], row["at"])
        key = (row["event"], row["listener"])
        try:
            async with tx.conn.transaction():
                await house.listener(event.name, row["listener"])(tx, event)
        except Exception as error:
            if tx.conn.broken:
                raise
            log.exception("listener failed", listener=row["listener"], about=event.name)
            again = system_now() + timedelta(seconds=2 ** row["attempts"])
            dead = row["attempts"] + 1 >= MAX_ATTEMPTS
            await tx.execute(_AGAIN, (again, dead, repr(error)[:500], *key))
        else:
            await tx.execute(_DONE, key)
        return 1


async def tail(tx: "Tx", after: int, limit: int) -> list[dict[str, Any]]:
    """Events after `after`, for live pages. A hint: one that commits late may be missed."""
    return await tx.all(_TAIL, (after, limit))


async def last(tx: "Tx") -> int:
    row = await tx.one(_LAST)
    return int(row["seq"]) if row else 0
