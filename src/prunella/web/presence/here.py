"""A person is on a case as long as their page says so; a page that dies is forgotten soon."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, get_args

from prunella.kit.clock import system_now
from prunella.kit.house import Tx
from prunella.web.presence import store

Doing = Literal["looking", "replying", "noting"]
DOINGS: tuple[Doing, ...] = get_args(Doing)
LEASE = timedelta(seconds=20)
"""The page renews it every few seconds; one without JavaScript stays as long as this."""
MAX_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Present:
    """A colleague who is on the case, by the id that actions and messages know them by."""

    person: str
    doing: Doing


async def note(tx: Tx, case: str, *, doing: Doing) -> None:
    """The actor is on this case, for as long as the lease holds."""
    now = system_now()
    await store.forget(tx, now)
    await store.put(tx, case, tx.actor.id, doing, now + LEASE)


async def leave(tx: Tx, case: str) -> None:
    await store.take(tx, case, tx.actor.id)


async def others(tx: Tx, case: str) -> list[Present]:
    """Everybody on the case but the actor; who writes comes first."""
    rows = await store.on_case(tx, case, tx.actor.id, system_now(), MAX_SHOWN)
    return [Present(row["person"], row["doing"]) for row in rows]
