"""What each program was told, with every try; kept for a month."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from prunella import audit
from prunella.kit.clock import system_now
from prunella.kit.house import Tx
from prunella.tiers.desk.hooks import store


@dataclass(frozen=True, slots=True)
class Try:
    """`status` is HTTP's, None without an answer: then `problem` says why."""

    at: datetime
    status: int | None
    took_ms: int
    problem: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one program; `next_at` is when it is tried next, while it waits."""

    id: str
    event: str
    subject: str
    state: Literal["waiting", "sent", "failed"]
    created_at: datetime
    next_at: datetime
    tries: tuple[Try, ...]


async def deliveries(tx: Tx, endpoint: str, *, after: str | None, limit: int) -> list[Delivery]:
    """Return what this program was told, the newest first, from the one after `after` on."""
    return await _with_tries(tx, await store.deliveries(tx, endpoint, after, limit))


async def delivery(tx: Tx, endpoint: str, name: str) -> Delivery | None:
    """Return one of this program's deliveries; another's is none."""
    row = await store.delivery(tx, name)
    if row is None or row["endpoint"] != endpoint:
        return None
    return (await _with_tries(tx, [row]))[0]


async def must_find(tx: Tx, endpoint: str, name: str) -> Delivery:
    found = await delivery(tx, endpoint, name)
    if found is None:
        raise LookupError(name)
    return found


async def send_again(tx: Tx, endpoint: str, name: str) -> Delivery | None:
    """Send it once more under the same id; what waits already is left. None: it is not theirs."""
    if await delivery(tx, endpoint, name) is None:
        return None
    if await store.again(tx, name, now=system_now()):
        await audit.record(tx, "hook.sent_again", name, after={"endpoint": endpoint})
    return await delivery(tx, endpoint, name)


async def _with_tries(tx: Tx, rows: list[store.Row]) -> list[Delivery]:
    tries = await store.tries(tx, [row["id"] for row in rows])
    named = ("id", "event", "subject", "state", "created_at", "next_at")
    return [
        Delivery(
            **{name: row[name] for name in named},
            tries=tuple(
                Try(one["at"], one["status"], one["took_ms"], one["problem"])
                for one in tries[row["id"]]
            ),
        )
        for row in rows
    ]
