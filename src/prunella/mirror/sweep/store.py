"""SQL of sweeps: how far each has come, and what it found."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from prunella.kit.clock import system_now
from prunella.kit.house import Tx

MOST_SUSPECTS = 500


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn through one kind: what is new since a moment, or the whole list."""

    id: int
    kind: str
    whole: bool
    since: datetime | None
    began_at: datetime
    cursor: str | None
    reached: datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a turn found: how many were looked at, and how many the mirror had wrong."""

    seen: int = 0
    missing: int = 0
    different: int = 0
    deleted: int = 0
    skipped: str | None = None

    def __add__(self, other: "Found") -> "Found":
        return Found(
            self.seen + other.seen,
            self.missing + other.missing,
            self.different + other.different,
            self.deleted + other.deleted,
            self.skipped or other.skipped,
        )

    @property
    def mended(self) -> int:
        return self.missing + self.different + self.deleted


_TAKE_OVER = """
update mirror_sweeps set touched_at = %(now)s
where kind = %(kind)s and whole = %(whole)s and finished_at is null and touched_at < %(idle)s
returning id, kind, whole, since, began_at, cursor, reached
"""
_IS_DUE = """
select not exists (
  select from mirror_sweeps where kind = %(kind)s and whole = %(whole)s
  and (finished_at is null or started_at > %(before)s)
) as due
"""
# What was begun before the last finished turn was seen by it.
_BEGIN = """
insert into mirror_sweeps (kind, whole, since, began_at, started_at, touched_at)
select %(kind)s, %(whole)s,
  case when not %(whole)s then coalesce(
    (select max(began_at) from mirror_sweeps
     where kind = %(kind)s and finished_at is not null and skipped is null) - %(overlap)s,
    %(first)s) end,
  %(began)s, %(now)s, %(now)s
on conflict (kind, whole) where finished_at is null do nothing
returning id, kind, whole, since, began_at, cursor, reached
"""
_KEEP = """
update mirror_sweeps set cursor = %(cursor)s, reached = %(reached)s, touched_at = %(now)s,
  seen = seen + %(seen)s, missing = missing + %(missing)s, different = different + %(different)s,
  deleted = deleted + %(deleted)s
where id = %(id)s
"""
_FINISH = """
update mirror_sweeps set finished_at = %s, skipped = %s where id = %s and finished_at is null
"""
_REST = "update mirror_sweeps set touched_at = %s where id = %s"
_SUSPECTS = """
select id from mirror_objects
where kind = %(kind)s and not deleted and created > %(after)s and created <= %(until)s
  and not (id = any(%(seen)s))
order by created, id limit %(most)s
"""
_WAITING = "select object_id from stripe_inbox where state = 'waiting' and object_id = any(%s)"
_METHODS = """
select id from mirror_objects
where customer = %s and kind = 'payment_method' and not deleted and not (id = any(%s))
order by id limit %s
"""
_LAST = """
select distinct on (kind, whole) kind, whole, seen, missing, different, deleted, skipped,
  started_at, finished_at
from mirror_sweeps order by kind, whole, started_at desc limit 100
"""


async def take(
    tx: Tx,
    kind: str,
    *,
    whole: bool,
    every: timedelta,
    lease: timedelta,
    overlap: timedelta,
    reach: timedelta,
) -> Turn | None:
    """Go on with a turn that nobody works on, or begin one that is due; None: there is none."""
    now = system_now()
    params = {
        "kind": kind,
        "whole": whole,
        "now": now,
        "idle": now - lease,
        "before": now - every,
        "began": tx.now,
        "overlap": overlap,
        "first": tx.now - reach,
    }
    left = await tx.one(_TAKE_OVER, params)
    if left:
        return Turn(**left)
    due = await tx.one(_IS_DUE, params)
    row = await tx.one(_BEGIN, params) if due and due["due"] else None
    return Turn(**row) if row else None


async def keep(tx: Tx, turn: Turn, found: Found) -> None:
    """Keep how far a turn has come, with what its page changed."""
    params = {
        "id": turn.id,
        "cursor": turn.cursor,
        "reached": turn.reached,
        "now": system_now(),
        "seen": found.seen,
        "missing": found.missing,
        "different": found.different,
        "deleted": found.deleted,
    }
    await tx.execute(_KEEP, params)


async def finish(tx: Tx, turn: Turn, *, skipped: str | None = None) -> None:
    await tx.execute(_FINISH, (system_now(), skipped, turn.id))


async def rest(tx: Tx, turn: Turn, *, until_taken: timedelta) -> None:
    """Leave the turn for later: whoever comes next may take it over at once."""
    await tx.execute(_REST, (system_now() - until_taken, turn.id))


async def suspects(
    tx: Tx, kind: str, *, after: datetime, until: datetime, seen: list[str]
) -> list[str]:
    """Return what the mirror has between two moments and Stripe's list has not."""
    params = {"kind": kind, "after": after, "until": until, "seen": seen, "most": MOST_SUSPECTS}
    return [row["id"] for row in await tx.all(_SUSPECTS, params)]


async def waiting(tx: Tx, ids: list[str]) -> set[str]:
    """Return those of which an event has come and will be taken soon."""
    return {row["object_id"] for row in await tx.all(_WAITING, (ids,))}


async def other_methods(tx: Tx, stripe_customer: str, listed: list[str]) -> list[str]:
    rows = await tx.all(_METHODS, (stripe_customer, listed, MOST_SUSPECTS))
    return [row["id"] for row in rows]


@dataclass(frozen=True, slots=True)
class Swept:
    """The last turn of a kind, as pages and figures show it. Times are system time."""

    kind: str
    whole: bool
    seen: int
    missing: int
    different: int
    deleted: int
    skipped: str | None
    started_at: datetime
    finished_at: datetime | None

    @property
    def mended(self) -> int:
        return self.missing + self.different + self.deleted


async def last_sweeps(tx: Tx) -> list[Swept]:
    """Return the last turn of each kind: of what is new, and of the whole list."""
    return [Swept(**row) for row in await tx.all(_LAST)]
