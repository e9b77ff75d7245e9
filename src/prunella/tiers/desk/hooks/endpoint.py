"""A program that wants to be told: its address, what it wants to hear, and its secret."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from prunella import audit
from prunella.connectors.hooks import check_address
from prunella.kit.house import Tx
from prunella.tiers.desk.hooks import store
from prunella.tiers.desk.hooks.signature import new_secret

EVENTS = (
    "action.awaiting_approval",
    "action.denied",
    "action.failed",
    "action.succeeded",
    "action.unknown",
    "case.answered",
    "case.heard",
    "case.opened",
    "case.released",
    "case.set",
    "case.sla_breached",
    "case.sla_warned",
    "contact.ended",
    "recovery.ended",
    "recovery.opened",
)
"""What can be heard of. Each carries ids and codes, never words of a customer."""
State = Literal["on", "off", "failing", "gone"]


class UnknownEventError(ValueError):
    """There is no such event."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no event {name:.80}. There are: {', '.join(EVENTS)}.")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`state`: off by a person; failing, after days without a success; gone, by its own word."""

    id: str
    url: str
    events: tuple[str, ...]
    state: State
    failing_since: datetime | None
    created_at: datetime


async def add(tx: Tx, *, url: str, events: Iterable[str], private: bool) -> tuple[Endpoint, str]:
    """Add one; returns it with its secret, which is shown this once."""
    check_address(url, private=private)
    wanted, name, key = _known(events), tx.new_id("hook"), new_secret()
    await store.add_endpoint(tx, name, url=url, events=wanted, key=key)
    await audit.record(tx, "hook.added", name, after={"events": len(wanted)})
    return await _must_find(tx, name), key


async def find(tx: Tx, name: str) -> Endpoint | None:
    row = await store.endpoint(tx, name)
    return _of(row) if row else None


async def listed(tx: Tx) -> list[Endpoint]:
    return [_of(row) for row in await store.endpoints(tx)]


async def change(
    tx: Tx,
    endpoint: Endpoint,
    *,
    url: str | None = None,
    events: Sequence[str] | None = None,
    on: bool | None = None,
    private: bool,
) -> Endpoint:
    """Change what is given; switched on again, what failed before is forgotten."""
    check_address(url or endpoint.url, private=private)
    state: State = endpoint.state if on is None else "on" if on else "off"
    wanted = _known(events) if events is not None else list(endpoint.events)
    await store.put_endpoint(tx, endpoint.id, url=url or endpoint.url, events=wanted, state=state)
    before = {"state": endpoint.state, "events": len(endpoint.events)}
    after = {"state": state, "events": len(wanted), "moved": bool(url and url != endpoint.url)}
    await audit.record(tx, "hook.changed", endpoint.id, before=before, after=after)
    return await _must_find(tx, endpoint.id)


async def change_secret(tx: Tx, endpoint: Endpoint) -> str:
    """Make another secret; the one before signs beside it until the next change."""
    row = await store.endpoint(tx, endpoint.id)
    key = new_secret()
    await store.put_secrets(tx, endpoint.id, [key, *(row["secrets"][:1] if row else [])])
    await audit.record(tx, "hook.secret_changed", endpoint.id)
    return key


async def remove(tx: Tx, endpoint: Endpoint) -> None:
    """Tell it nothing more, for good. What it was told is let go of with the rest of the log."""
    await store.stop(tx, endpoint.id, "removed")
    await audit.record(tx, "hook.removed", endpoint.id, before={"state": endpoint.state})


async def _must_find(tx: Tx, name: str) -> Endpoint:
    found = await find(tx, name)
    if found is None:
        raise LookupError(name)
    return found


def _known(events: Iterable[str]) -> list[str]:
    wanted = sorted(set(events))
    if unknown := set(wanted) - set(EVENTS):
        raise UnknownEventError(min(unknown))
    return wanted


def _of(row: store.Row) -> Endpoint:
    found = {name: row[name] for name in ("id", "url", "state", "failing_since", "created_at")}
    return Endpoint(**found, events=tuple(row["events"]))
