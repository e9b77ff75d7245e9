"""Fills the mirror: all kinds side by side under one rate limit, a page a commit.

It may be stopped at any moment and goes on where it was. It writes only over what is certainly
older, so webhooks may arrive meanwhile.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import structlog

from prunella.connectors.stripe.errors import (
    StripeForbidden,
    StripeKeyRefused,
    StripeNotFound,
    StripeRateLimited,
    StripeRefused,
    StripeUnreachable,
)
from prunella.connectors.stripe.reads import MAX_PAGES, Reads, Reply
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import from_unix
from prunella.kit.house import House, Tx
from prunella.mirror.freshness.store import note_contact
from prunella.mirror.objects.seen import unfold_page
from prunella.mirror.objects.store import adopt_late, put_newer
from prunella.mirror.sync import store
from prunella.mirror.sync.kinds import SYNCED
from prunella.mirror.sync.oldest import find_oldest
from prunella.mirror.sync.progress import KindProgress, Progress
from prunella.mirror.sync.store import Run

log = structlog.get_logger()
T = TypeVar("T")

MAX_TIMES_AWAY = 60
"""Each time is a whole series of tries: together more than ten minutes of 429."""

OnProgress = Callable[[Progress], None]


async def sync(
    house: House,
    reads: Reads,
    *,
    on_progress: OnProgress = lambda _progress: None,
    kinds: Collection[str] = tuple(SYNCED),
) -> Progress:
    """Read the account into the mirror. Raises the tree of connectors.stripe.errors.

    A kind that the key may not read is skipped, and says so in its progress.
    """
    async with house.transaction(SYSTEM) as tx:
        runs = await store.begin(tx, kinds)
    board = _Board(runs, on_progress)
    tasks = [asyncio.create_task(_KindSync(house, reads, run.kind, board).go(run)) for run in runs]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return board.progress


class _Board:
    """Where the kinds write how far they are."""

    def __init__(self, runs: Collection[Run], on_progress: OnProgress) -> None:
        self._kinds = {run.kind: _progress_of(run) for run in runs}
        self._started = time.monotonic()
        self._before = sum(run.done for run in runs)
        self._on_progress = on_progress

    @property
    def progress(self) -> Progress:
        return Progress(dict(self._kinds), time.monotonic() - self._started, self._before)

    def note(self, run: Run) -> None:
        self._kinds[run.kind] = _progress_of(run)
        self._on_progress(self.progress)

    def finish(self, kind: str, *, skipped: str | None) -> None:
        self._kinds[kind] = replace(self._kinds[kind], finished=True, skipped=skipped)
        self._on_progress(self.progress)


class _KindSync:
    def __init__(self, house: House, reads: Reads, kind: str, board: _Board) -> None:
        self._house = house
        self._reads = reads
        self._kind = kind
        self._board = board

    async def go(self, run: Run) -> None:
        try:
            if run.finished_at is None:
                await self._read_on(run)
            if run.newest:
                await self._read_since(int(run.newest.timestamp()))
        except (StripeForbidden, StripeNotFound, StripeRefused) as problem:
            log.warning("a kind cannot be listed", kind=self._kind, problem=str(problem))
            await self._finish(skipped=str(problem))
        else:
            await self._finish()

    async def _read_on(self, run: Run) -> None:
        """Read from the cursor to the end of the list."""
        for _ in range(MAX_PAGES):
            reply = await self._page(_after(run), again=_by_time(run))
            run = await self._keep(reply, run)
            if not reply.data["has_more"] or not reply.data["data"]:
                return
            if run.oldest is None:
                run = await self._learn_oldest(run)

    async def _read_since(self, newest: int) -> None:
        """Read what was added to the head of the list since an earlier run began it."""
        since: dict[str, Any] = {"created": {"gte": newest}}
        filters = again = since
        for _ in range(MAX_PAGES):
            reply = await self._page(filters, again=again)
            await self._store(reply, _nothing)
            if not reply.data["has_more"] or not reply.data["data"]:
                return
            last = reply.data["data"][-1]
            filters = since | {"starting_after": last["id"]}
            again = {"created": {"gte": newest, "lte": last["created"]}}

    async def _page(self, filters: dict[str, Any], *, again: dict[str, Any]) -> Reply:
        """Read one page; `again` goes on there by time, where the cursor's object was deleted."""
        listing = SYNCED[self._kind]
        for time_away in range(MAX_TIMES_AWAY):
            try:
                everything = {**listing.filters, **filters}
                return await self._reads.page(self._kind, expand=listing.expand, **everything)
            except StripeNotFound:
                if "starting_after" not in filters:
                    raise
                filters = again
            except StripeKeyRefused:
                raise
            except (StripeRateLimited, StripeUnreachable) as problem:
                log.warning("sync waits for Stripe", kind=self._kind, problem=str(problem))
                if time_away + 1 == MAX_TIMES_AWAY:
                    raise
        raise StripeUnreachable

    async def _store(self, reply: Reply, keep: Callable[[Tx], Awaitable[T]]) -> T:
        """Store a page, together with what else is to be kept in the transaction."""
        sights = list(unfold_page(reply.data, since=reply.since, until=reply.until))

        async def store_page(tx: Tx) -> T:
            await put_newer(tx, sights)
            await note_contact(tx, self._reads.contact)
            return await keep(tx)

        kept = await self._house.transact(SYSTEM, store_page)
        await adopt_late(self._house, sights)
        return kept

    async def _keep(self, reply: Reply, run: Run) -> Run:
        items = reply.data["data"]
        if not items:
            return run
        keep = partial(
            store.keep_page,
            kind=self._kind,
            cursor=items[-1]["id"],
            newest=from_unix(items[0]["created"]),
            reached=from_unix(items[-1]["created"]),
            count=len(items),
        )
        run = await self._store(reply, keep)
        self._board.note(run)
        return run

    async def _learn_oldest(self, run: Run) -> Run:
        if run.cursor_created is None:
            return run
        oldest = await find_oldest(self._reads, self._kind, before=run.cursor_created)
        async with self._house.transaction(SYSTEM) as tx:
            await store.keep_oldest(tx, self._kind, oldest)
        run = replace(run, oldest=oldest)
        self._board.note(run)
        return run

    async def _finish(self, *, skipped: str | None = None) -> None:
        async with self._house.transaction(SYSTEM) as tx:
            await store.finish(tx, self._kind, skipped=skipped)
        self._board.finish(self._kind, skipped=skipped)


async def _nothing(_tx: Tx) -> None:
    pass


def _progress_of(run: Run) -> KindProgress:
    return KindProgress(
        done=run.done,
        newest=run.newest,
        reached=run.cursor_created,
        oldest=run.oldest,
        finished=run.finished_at is not None,
        skipped=run.skipped,
    )


def _after(run: Run) -> dict[str, Any]:
    return {"starting_after": run.cursor} if run.cursor else {}


def _by_time(run: Run) -> dict[str, Any]:
    if run.cursor_created is None:
        return {}
    return {"created": {"lte": int(run.cursor_created.timestamp())}}
