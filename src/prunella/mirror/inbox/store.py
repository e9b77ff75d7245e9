"""SQL of the inbox."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from prunella.kit.clock import system_now
from prunella.kit.house import Tx
from prunella.mirror.inbox.envelope import Envelope


@dataclass(frozen=True, slots=True)
class Claimed:
    """An event that this worker has for a while."""

    event_id: str
    type: str
    kind: str
    object_id: str | None
    created: datetime
    api_version: str | None
    payload: bytes
    attempts: int


@dataclass(frozen=True, slots=True)
class Aside:
    """An event that could not be handled, and why."""

    event_id: str
    type: str
    object_id: str | None
    reason: str
    attempts: int
    received_at: datetime


# In the order of their ids, so that two such statements never wait for each other in a circle.
_STORE = """
insert into stripe_inbox (event_id, type, kind, object_id, created, api_version, payload, error,
                          state, received_at, not_before)
select e.event_id, e.type, e.kind, e.object_id, e.created, e.api_version, e.payload, e.error,
       case when e.error is null then 'waiting' else 'aside' end, %(now)s, %(now)s
from unnest(%(ids)s::text[], %(types)s::text[], %(kinds)s::text[], %(objects)s::text[],
            %(created)s::timestamptz[], %(versions)s::text[], %(payloads)b::bytea[],
            %(errors)s::text[])
     e(event_id, type, kind, object_id, created, api_version, payload, error)
on conflict (event_id) do nothing
"""
_CLAIM = """
update stripe_inbox i set not_before = %(until)s
from (select event_id from stripe_inbox where state = 'waiting' and not_before <= %(now)s
      order by not_before limit %(most)s for update skip locked) due
where i.event_id = due.event_id
returning i.event_id, i.type, i.kind, i.object_id, i.created, i.api_version, i.payload, i.attempts
"""
_FINISH = """
update stripe_inbox set state = 'done', error = null
where event_id = any(%s) and state = 'waiting' returning event_id
"""
_RELEASE = """
update stripe_inbox set not_before = %s, error = %s where event_id = any(%s) and state = 'waiting'
"""
_FAIL = """
update stripe_inbox set attempts = attempts + 1, error = %(error)s, not_before = %(again)s,
  state = case when attempts + 1 >= %(most)s then 'aside' else state end
where event_id = any(%(ids)s) and state = 'waiting'
"""
_ASIDE = """
select event_id, type, object_id, error as reason, attempts, received_at
from stripe_inbox where state = 'aside' order by received_at desc limit %s
"""
_PUT_BACK = """
update stripe_inbox set state = 'waiting', attempts = 0, not_before = %s
where event_id = %s and state = 'aside' and created is not null and kind is not null
"""
_LET_BE = "update stripe_inbox set state = 'done' where event_id = %s and state = 'aside'"
_PAYLOAD = "select payload from stripe_inbox where event_id = %s"
_FORGET = """
delete from stripe_inbox where event_id in
  (select event_id from stripe_inbox where state = 'done' and received_at < %s limit %s)
"""


async def store(tx: Tx, envelopes: Sequence[Envelope]) -> None:
    """Store each event once; one that came before is left as it is."""
    rows = sorted(envelopes, key=lambda envelope: envelope.event_id)
    params = {
        "now": system_now(),
        "ids": [row.event_id for row in rows],
        "types": [row.type for row in rows],
        "kinds": [row.kind for row in rows],
        "objects": [row.object_id for row in rows],
        "created": [row.created for row in rows],
        "versions": [row.api_version for row in rows],
        "payloads": [row.payload for row in rows],
        "errors": [row.aside for row in rows],
    }
    await tx.execute(_STORE, params)


async def claim(tx: Tx, *, most: int, lease: timedelta) -> list[Claimed]:
    now = system_now()
    rows = await tx.all(_CLAIM, {"now": now, "until": now + lease, "most": most})
    return [Claimed(**row) for row in rows]


async def finish(tx: Tx, event_ids: Sequence[str]) -> set[str]:
    """Mark the events done; returns those that this call finished, so that each counts once."""
    rows = await tx.all(_FINISH, (list(event_ids),))
    return {row["event_id"] for row in rows}


async def release(tx: Tx, event_ids: Sequence[str], *, again_in: timedelta, why: str) -> None:
    """Give the events back; no attempt is counted, since they are not at fault."""
    await tx.execute(_RELEASE, (system_now() + again_in, why, list(event_ids)))


async def fail(
    tx: Tx, event_ids: Sequence[str], *, again_in: timedelta, most: int, why: str
) -> None:
    """Count a failed attempt; after `most` of them the events are put aside."""
    again = system_now() + again_in
    await tx.execute(_FAIL, {"ids": list(event_ids), "again": again, "most": most, "error": why})


async def aside(tx: Tx, limit: int = 100) -> list[Aside]:
    """Events that were put aside, the newest first."""
    return [Aside(**row) for row in await tx.all(_ASIDE, (limit,))]


async def payload_of(tx: Tx, event_id: str) -> dict[str, Any] | None:
    """Return the object that an event carried, for what does not exist at Stripe yet."""
    row = await tx.one(_PAYLOAD, (event_id,))
    if row is None:
        return None
    carried = json.loads(row["payload"])["data"]["object"]
    return carried if isinstance(carried, dict) else None


async def put_back(tx: Tx, event_id: str) -> bool:
    """Let an event that was put aside be tried again. False: there is none that could be."""
    return bool(await tx.execute(_PUT_BACK, (system_now(), event_id)))


async def let_be(tx: Tx, event_id: str) -> bool:
    """Nobody tries an event any more that was put aside; it keeps why. False: there is none."""
    return bool(await tx.execute(_LET_BE, (event_id,)))


async def forget(tx: Tx, *, older_than: timedelta, most: int) -> int:
    """Drop events that were done long ago; Stripe redelivers for three days only."""
    return await tx.execute(_FORGET, (system_now() - older_than, most))
