"""Events: written with one delivery per listener, in the transaction of the change itself.

Listeners stand in bootstrap's one table. A delivery runs its listener and marks itself done in
one transaction, so what a listener writes to the database happens once; a listener looks at the
state again, because by then more may have happened.

What is due is delivered in batches, a transaction each, in the order of the events. A batch gives
way: where one of its listeners fails, or meets somebody's lock, nothing of it happened, and each
of its deliveries then has a transaction of its own, in which alone a failure counts.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from prunella.kit.actor import SYSTEM
from prunella.kit.clock import system_now

if TYPE_CHECKING:
    from prunella.kit.house import House, Tx

log = structlog.get_logger()

MAX_ATTEMPTS = 8
BATCH = 40
BATCH_LASTS_S = 0.2
"""After so long a batch commits what it has done: others may wait for what it holds."""


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
  insert into events (name, subject, customer, data, at)
  values (%(name)s, %(subject)s, %(customer)s, %(data)s, %(at)s) returning seq
)
insert into deliveries (event, listener, next_at)
select new.seq, one, %(next_at)s from new, unnest(%(listeners)s::text[]) one
where one <> all (%(sometimes)s::text[]) or exists (
  select from wanted_events w
  where w.listener = one and w.event in ('', %(name)s) and w.customer in ('', %(whose)s)
)
"""
_CLAIM = """
select d.event, d.listener, d.attempts, e.name, e.subject, e.customer, e.data, e.at
from deliveries d join events e on e.seq = d.event
where d.next_at <= %s and not d.dead
order by d.next_at, d.event
limit %s for update of d skip locked
"""
_CLAIM_ONE = """
select d.event, d.listener, d.attempts, e.name, e.subject, e.customer, e.data, e.at
from deliveries d join events e on e.seq = d.event
where d.event = %s and d.listener = %s and d.next_at <= %s and not d.dead
for update of d skip locked
"""
# Less than what makes PostgreSQL look for a deadlock: it is the batch that gives way.
_GIVE_WAY = "set local lock_timeout = '100ms'"
_DONE = """
delete from deliveries d using unnest(%s::bigint[], %s::text[]) done (event, listener)
where d.event = done.event and d.listener = done.listener
"""
_AGAIN = """
update deliveries set attempts = attempts + 1, next_at = %s, dead = %s, error = %s
where event = %s and listener = %s
"""
_TAIL = """
select seq, name, subject, coalesce(customer, data ->> 'customer') as customer from (
  (select * from events where seq > %s order by seq limit %s)
  union all
  select * from events where seq = any(%s::bigint[])
) found order by seq
"""
_LAST = "select coalesce(max(seq), 0) as seq from events"


async def write(
    tx: "Tx", event: Event, listeners: Sequence[str], *, sometimes: Sequence[str] = ()
) -> None:
    """Insert the event and its deliveries: those listeners that want it `sometimes` are asked.

    What they want stands in the view `wanted_events`.
    """
    row = {
        "name": event.name,
        "subject": event.subject,
        "customer": event.customer,
        "data": Jsonb(dict(event.data)),
        "at": tx.now,
    }
    to = {"listeners": list(listeners), "sometimes": list(sometimes)}
    await tx.send(_INSERT, row | to | {"next_at": system_now(), "whose": event.customer or ""})


async def deliver(house: "House", *, most: int = BATCH) -> int:
    """Run deliveries that are due. Returns how many; 0 when none is."""
    rows: list[DictRow] = []
    try:
        async with house.transaction(SYSTEM) as tx:
            rows = await tx.all(_CLAIM, (system_now(), most))
            if len(rows) > 1:
                return await _deliver_together(house, tx, rows)
            for row in rows:
                await _deliver_alone(house, tx, row)
            return len(rows)
    except Exception as error:
        if len(rows) <= 1 or tx.conn.broken:
            raise
        log.info("a batch of deliveries gives way", because=repr(error)[:200], deliveries=len(rows))
    for row in rows:
        await _deliver_one(house, row["event"], row["listener"])
    return len(rows)


async def _deliver_together(house: "House", tx: "Tx", rows: Sequence[DictRow]) -> int:
    """Run all, or as many as there is time for; raises what any of them raises."""
    until = asyncio.get_running_loop().time() + BATCH_LASTS_S
    done: list[DictRow] = []
    async with tx.together():
        await tx.send(_GIVE_WAY)
        for row in rows:
            await _listen(house, tx, row)
            done.append(row)
            if asyncio.get_running_loop().time() > until:
                break
        await _mark_done(tx, done)
    return len(done)


async def _deliver_one(house: "House", event: int, listener: str) -> None:
    async with house.transaction(SYSTEM) as tx:
        row = await tx.one(_CLAIM_ONE, (event, listener, system_now()))
        if row:
            await _deliver_alone(house, tx, row)


async def _deliver_alone(house: "House", tx: "Tx", row: DictRow) -> None:
    """Run it, and mark it done; or count that it failed, and wait longer each time."""
    try:
        async with tx.conn.transaction():
            await _listen(house, tx, row)
            await _mark_done(tx, [row])
    except Exception as error:
        if tx.conn.broken:
            raise
        log.exception("listener failed", listener=row["listener"], about=row["name"])
        again = system_now() + timedelta(seconds=2 ** row["attempts"])
        dead = row["attempts"] + 1 >= MAX_ATTEMPTS
        key = (row["event"], row["listener"])
        await tx.execute(_AGAIN, (again, dead, repr(error)[:500], *key))


async def _listen(house: "House", tx: "Tx", row: DictRow) -> None:
    event = Event(row["name"], row["subject"], row["customer"], row["data"], row["at"])
    await house.listener(event.name, row["listener"])(tx, event)


async def _mark_done(tx: "Tx", rows: Sequence[DictRow]) -> None:
    await tx.send(_DONE, ([row["event"] for row in rows], [row["listener"] for row in rows]))


async def tail(
    tx: "Tx", after: int, limit: int, *, missing: Sequence[int] = ()
) -> list[dict[str, Any]]:
    """Events after `after`, for live pages; and of those before it any that were `missing`."""
    return await tx.all(_TAIL, (after, limit, list(missing)))


async def last(tx: "Tx") -> int:
    row = await tx.one(_LAST)
    return int(row["seq"]) if row else 0
