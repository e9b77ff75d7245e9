"""Telling them: stored with the event, sent at least once under one id, logged try by try."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from prunella import audit
from prunella.connectors.hooks import Post, Reply
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import system_now
from prunella.kit.events import Event
from prunella.kit.house import House, Tx
from prunella.tiers.desk.hooks import log, store
from prunella.tiers.desk.hooks.endpoint import Endpoint
from prunella.tiers.desk.hooks.log import Delivery
from prunella.tiers.desk.hooks.signature import signed

LEASE = timedelta(seconds=30)
"""Longer than a try may take; what a crash leaves behind is tried again after it."""
WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""Between the tries, as the Standard Webhooks scheme proposes: three days in all."""
GIVES_UP = timedelta(days=5)
KEPT = timedelta(days=30)
TEST = "hook.test"
"""What a person sends; nobody has to ask to hear of it."""


class NotToldError(ValueError):
    """This program is told nothing now. Switch it on first, then send it a test."""


async def on_event(tx: Tx, event: Event) -> None:
    """Keep what has to be told, for each that wants to hear of it. Listener."""
    known = {"id": event.subject, "customer": event.customer, **event.data}
    body = _body(event.name, known, at=event.at or tx.now)
    for endpoint in await store.wanting(tx, event.name):
        await _keep(tx, endpoint, event=event.name, subject=event.subject, body=body)


async def send_test(tx: Tx, endpoint: Endpoint) -> Delivery:
    """Tell it a `hook.test`, on the way that everything goes, so that its side can be tried.

    Raises NotToldError.
    """
    if endpoint.state != "on":
        raise NotToldError
    body = _body(TEST, {"id": endpoint.id}, at=tx.now)
    name = await _keep(tx, endpoint.id, event=TEST, subject=endpoint.id, body=body)
    await audit.record(tx, "hook.tested", endpoint.id, after={"delivery": name})
    return await log.must_find(tx, endpoint.id, name)


async def _keep(tx: Tx, endpoint: str, *, event: str, subject: str, body: str) -> str:
    name, at_once = tx.new_id("whk"), system_now()
    told = {"endpoint": endpoint, "event": event, "subject": subject, "body": body}
    await store.add_delivery(tx, name, **told, next_at=at_once)
    return name


def _body(event: str, known: Mapping[str, Any], *, at: datetime) -> str:
    told = {"type": event, "timestamp": at.isoformat(), "data": known}
    return json.dumps(told, separators=(",", ":"), default=str)


@dataclass(frozen=True, slots=True)
class Hooks:
    """Sends what is due. A step of the worker's pump."""

    house: House
    post: Post

    async def step(self) -> int:
        """Try one; returns 0 when none is due. No transaction is open meanwhile."""
        now = system_now()
        async with self.house.transaction(SYSTEM) as tx:
            row = await store.claim(tx, now=now, until=now + LEASE)
        if row is None:
            return 0
        if row["endpoint_state"] != "on":
            reply = Reply(None, 0, "It is switched off.")
        else:
            headers = signed(row["id"], row["body"], keys=row["secrets"], at=now)
            reply = await self.post.send(row["url"], row["body"].encode(), headers)
        async with self.house.transaction(SYSTEM) as tx:
            await _settle(tx, row, reply, at=now)
        return 1

    async def forget(self) -> None:
        """Let go of the log of what was settled a month ago."""
        async with self.house.transaction(SYSTEM) as tx:
            await store.forget(tx, before=system_now() - KEPT)


async def _settle(tx: Tx, row: store.Row, reply: Reply, *, at: datetime) -> None:
    await store.note_try(tx, row["id"], reply, at=at)
    now, tried = system_now(), row["attempts"]
    final = reply.gone or row["endpoint_state"] != "on" or tried > len(WAITS)
    state = "sent" if reply.taken else "failed" if final else "waiting"
    next_at = now + WAITS[tried - 1] if state == "waiting" else now
    if not await store.settle(tx, row["id"], attempts=tried, state=state, next_at=next_at):
        return
    if reply.taken:
        await store.works(tx, row["endpoint"])
    elif row["endpoint_state"] == "on":
        await _note_failing(tx, row, reply, now=now)


async def _note_failing(tx: Tx, row: store.Row, reply: Reply, *, now: datetime) -> None:
    """Stop telling who said never again, and who has taken nothing for days."""
    since = await store.fails(tx, row["endpoint"], now=now)
    if not reply.gone and now - since < GIVES_UP:
        return
    state = "gone" if reply.gone else "failing"
    await store.stop(tx, row["endpoint"], state)
    await audit.record(tx, "hook.stopped", row["endpoint"], because=state)
