"""SQL of a sync's progress: one row a kind, committed with each page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from prunella.kit.clock import system_now
from prunella.kit.house import Tx


@dataclass(frozen=True, slots=True)
class Run:
    """A run through one kind. `cursor` is the last object that was stored."""

    kind: str
    started_at: datetime
    cursor: str | None
    cursor_created: datetime | None
    newest: datetime | None
    oldest: datetime | None
    done: int
    skipped: str | None
    finished_at: datetime | None


# A run that came to its end is begun anew, another is continued.
_CLEAR = """
delete from mirror_sync where kind = any(%(kinds)s)
and not exists (select from mirror_sync where kind = any(%(kinds)s) and finished_at is null)
"""
_BEGIN = """
insert into mirror_sync (kind, started_at, done)
select kind, %(now)s, 0 from unnest(%(kinds)s::text[]) kind on conflict (kind) do nothing
"""
_RUNS = """
select kind, started_at, cursor, cursor_created, newest, oldest, done, skipped, finished_at
from mirror_sync where kind = any(%(kinds)s)
"""
_PAGE = """
update mirror_sync set cursor = %(cursor)s, cursor_created = %(reached)s, done = done + %(count)s,
  newest = coalesce(newest, %(newest)s) where kind = %(kind)s
returning kind, started_at, cursor, cursor_created, newest, oldest, done, skipped, finished_at
"""
_OLDEST = "update mirror_sync set oldest = %s where kind = %s"
_FINISH = "update mirror_sync set finished_at = %s, skipped = %s where kind = %s"


async def begin(tx: Tx, kinds: Collection[str]) -> list[Run]:
    """Continue what an earlier run left open, or begin anew when it came to its end."""
    params = {"kinds": list(kinds), "now": tx.now}
    await tx.execute(_CLEAR, params)
    await tx.execute(_BEGIN, params)
    return [_run(row) for row in await tx.all(_RUNS, params)]


async def keep_page(
    tx: Tx, kind: str, *, cursor: str, newest: datetime, reached: datetime, count: int
) -> Run:
    params = {
        "kind": kind,
        "cursor": cursor,
        "newest": newest,
        "reached": reached,
        "count": count,
    }
    return _run(await tx.one(_PAGE, params))


async def keep_oldest(tx: Tx, kind: str, oldest: datetime) -> None:
    await tx.execute(_OLDEST, (oldest, kind))


async def finish(tx: Tx, kind: str, *, skipped: str | None = None) -> None:
    await tx.execute(_FINISH, (system_now(), skipped, kind))


def _run(row: dict[str, object] | None) -> Run:
    if row is None:
        message = "the progress of a sync vanished while it ran: start it again"
        raise LookupError(message)
    return Run(**row)  # type: ignore[arg-type]  # its columns are the fields
