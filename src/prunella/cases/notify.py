"""What a colleague is told of: on the page, by mail, or not at all, as they wish."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from prunella import audit
from prunella.cases import store_notify as store
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.kit.timers import Timer
from prunella.people import colleagues, colleagues_by_id

Kind = Literal["assigned", "mentioned", "heard", "to_decide", "sla_warned", "sla_breached"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MAIL = "notices.mail"
GATHERED_FOR = timedelta(minutes=10)
"""What happens within this time goes out in one mail; what was read meanwhile does not."""
MAX_PAGE = 100
MAX_UNREAD = 99


@dataclass(frozen=True, slots=True)
class Wish:
    """How somebody wants to be told of one kind of thing."""

    shown: bool
    mailed: bool


DEFAULTS: Mapping[Kind, Wish] = {
    "assigned": Wish(shown=True, mailed=False),
    "mentioned": Wish(shown=True, mailed=True),
    "heard": Wish(shown=True, mailed=False),
    "to_decide": Wish(shown=True, mailed=False),
    "sla_warned": Wish(shown=True, mailed=False),
    "sla_breached": Wish(shown=True, mailed=True),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """`actor` is the id of who did it, None where it was nobody; case number and subject as now."""

    id: str
    kind: Kind
    case_id: str
    number: int
    subject: str
    actor: str | None
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class NoticePage:
    data: list[Notice]
    next_cursor: str | None


async def notices_of(tx: Tx, *, after: str | None = None, limit: int = 50) -> NoticePage:
    """Return what the actor was told of on the page, the newest first."""
    limit = max(1, min(limit, MAX_PAGE))
    found = [Notice(**row) for row in await store.page(tx, tx.actor.id, after, limit + 1)]
    return NoticePage(found[:limit], found[limit - 1].id if len(found) > limit else None)


async def unread(tx: Tx) -> int:
    """Return how many the actor has not read; nobody counts further than 99."""
    return await store.unread(tx, tx.actor.id, MAX_UNREAD)


async def is_told(tx: Tx, notice: str) -> bool:
    """Whether the actor was told of this."""
    return await store.is_whose(tx, notice) == tx.actor.id


async def read_notices(tx: Tx, *, notice: str | None = None, case: str | None = None) -> int:
    """Note that the actor has read one notice, those about a case, or all; returns how many."""
    return await store.read(tx, tx.actor.id, notice, case)


async def settle(tx: Tx, kind: Kind, *, case: str) -> None:
    """What this was about is done: it is unread to nobody any more, nor does it go out by mail."""
    if await store.settle_kind(tx, kind, case):
        await tx.emit(Event("notice.settled", case))


async def wishes_of(tx: Tx, colleague: str) -> dict[Kind, Wish]:
    return dict(DEFAULTS) | (await _wishes(tx, [colleague])).get(colleague, {})


async def set_wishes(tx: Tx, wishes: Mapping[Kind, Wish]) -> dict[Kind, Wish]:
    """Change how the actor is told; what is not named stays. Returns all."""
    before = await wishes_of(tx, tx.actor.id)
    changed = {kind: wish for kind, wish in wishes.items() if before[kind] != wish}
    if not changed:
        return before
    for kind, wish in changed.items():
        await store.put_wish(tx, tx.actor.id, kind, shown=wish.shown, mailed=wish.mailed)
    was, now = _told({kind: before[kind] for kind in changed}), _told(changed)
    await audit.record(tx, "notices.wished", tx.actor.id, before=was, after=now)
    return before | changed


async def on_assigned(tx: Tx, event: Event) -> None:
    """Tell who was given a case; not who took it."""
    to = event.data.get("assignee")
    await _tell(tx, event, "assigned", [to] if to else [])


async def on_mentioned(tx: Tx, event: Event) -> None:
    await _tell(tx, event, "mentioned", event.data["colleagues"])


async def on_heard(tx: Tx, event: Event) -> None:
    """The customer wrote: tell who has the case."""
    to = await store.assignee(tx, event.subject)
    await _tell(tx, event, "heard", [to] if to else [])


async def on_warned(tx: Tx, event: Event) -> None:
    await _tell(tx, event, "sla_warned", await _whose(tx, event))


async def on_breached(tx: Tx, event: Event) -> None:
    await _tell(tx, event, "sla_breached", await _whose(tx, event))


async def _whose(tx: Tx, event: Event) -> list[str]:
    """Who has it; where nobody does, everybody in its team."""
    if event.data.get("assignee"):
        return [event.data["assignee"]]
    team = event.data.get("team")
    return [one.id for one in await colleagues(tx) if team in one.teams]


async def _tell(tx: Tx, event: Event, kind: Kind, to: Iterable[str]) -> None:
    await tell(tx, kind, case=event.subject, to=to, by=event.data.get("by"))


async def tell(tx: Tx, kind: Kind, *, case: str, to: Iterable[str], by: str | None) -> None:
    """Nobody is told what they did themselves (`by`), nor twice of what they have not read yet.

    Open pages hear of it once it can be read.
    """
    known = await colleagues_by_id(tx, sorted(set(to) - {by}))
    chosen = await _wishes(tx, list(known))
    for colleague in [one for one in known.values() if one.active]:
        wish = (dict(DEFAULTS) | chosen.get(colleague.id, {}))[kind]
        if not (wish.shown or wish.mailed):
            continue
        if kind != "mentioned" and await store.waits(tx, colleague.id, kind, case):
            continue
        facts = {"kind": kind, "case": case, "actor": by}
        await store.add(tx, colleague.id, facts, shown=wish.shown, to_mail=wish.mailed)
        await tx.emit(Event("notice.added", colleague.id))
        if wish.mailed and not await store.mail_is_due(tx, colleague.id):
            await tx.arm(Timer(MAIL, colleague.id, tx.now + GATHERED_FOR))


async def _wishes(tx: Tx, ids: list[str]) -> dict[str, dict[Kind, Wish]]:
    found: dict[str, dict[Kind, Wish]] = {}
    for row in await store.wishes(tx, ids):
        wish = Wish(shown=row["shown"], mailed=row["mailed"])
        found.setdefault(row["colleague"], {})[row["kind"]] = wish
    return found


def _told(wishes: Mapping[Kind, Wish]) -> dict[str, audit.Value]:
    return {kind: f"{wish.shown}/{wish.mailed}".lower() for kind, wish in wishes.items()}
