"""Following a folder: every mail that is in it comes in once, read elsewhere or not.

What was seen is remembered by UID, and compared with what is there: a mail that was missed while
nobody looked is found. The folder itself is never changed.
"""

import asyncio
import bisect
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from prunella.cases.mail import store_folders as store
from prunella.cases.mail.intake import MAX_RAW_BYTES, TOO_LARGE, keep
from prunella.connectors.mail import MailError
from prunella.connectors.mail.imap import ImapFolder, Listed, Opened
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import system_now
from prunella.kit.house import House

log = structlog.get_logger()

TAKES_BACK_TO = timedelta(days=14)
"""Older mail of a folder that is followed for the first time stays where it is."""
AT_ONCE = 50
MAX_TRIES = 3
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 60.0
COMPARE_EVERY = 40
"""After so many looks at what is new, everything is compared again."""
OLD, GONE, UNFETCHED = "older than we take", "gone", "could not be fetched"


@dataclass(slots=True)
class Follower:
    """Follows one folder. What was fetched is stored before its UID counts as seen."""

    house: House
    folder: ImapFolder
    tries: Counter[int] = field(default_factory=Counter)
    compare_every: int = COMPARE_EVERY

    async def run(self) -> None:
        """Follow until cancelled; when the server is away, come back to it."""
        wait_s = FIRST_WAIT_S
        try:
            while True:
                try:
                    opened = await self.folder.open()
                    wait_s = FIRST_WAIT_S
                    await self._stay(opened)
                except MailError as error:
                    log.warning("mailbox cannot be read", folder=self.folder.name, why=str(error))
                await self.folder.close()
                await asyncio.sleep(wait_s * random.uniform(0.7, 1.3))  # noqa: S311 jitter
                wait_s = min(wait_s * 2, LONGEST_WAIT_S)
        finally:
            await self.folder.close()

    async def take_new(self, opened: Opened, *, first: int = 1) -> int:
        """Take every mail from UID `first` on that was not seen; returns how many came in."""
        async with self.house.transaction(SYSTEM) as tx:
            known = await store.known(tx, self.folder.name, opened.uidvalidity)
        there = await self.folder.uids(first, opened.uidnext - 1)
        missing = list(_unseen(there, known))
        for start in range(0, len(missing), AT_ONCE):
            await self._take(opened, missing[start : start + AT_ONCE])
        return len(missing)

    async def _stay(self, opened: Opened) -> None:
        """Compare everything, then look at what is new as it comes, and compare again."""
        looks, first = 0, 1
        while True:
            await self.take_new(opened, first=first)
            now, looks = await self.folder.wait(), looks + 1
            same = now.uidvalidity == opened.uidvalidity and looks % self.compare_every
            first, opened = (opened.uidnext if same else 1), now

    async def _take(self, opened: Opened, uids: list[int]) -> None:
        listed = {one.uid: one for one in await self.folder.listed(uids)}
        for uid in uids:
            one = listed.get(uid)
            if one is None:
                await self._note(opened, uid, GONE)
            elif one.arrived_at < system_now() - TAKES_BACK_TO:
                await self._note(opened, uid, OLD)
            else:
                await self._fetch(opened, one)

    async def _fetch(self, opened: Opened, one: Listed) -> None:
        """A mail that the server cannot give, time after time, is put aside in sight."""
        large = one.size > MAX_RAW_BYTES
        self.tries[one.uid] += 1
        if self.tries[one.uid] > MAX_TRIES:
            await self._keep(opened, one.uid, _stand_in(self.folder.name, opened, one), UNFETCHED)
            return
        raw = await self.folder.raw(one.uid, head_only=large)
        del self.tries[one.uid]
        if raw is None:
            await self._note(opened, one.uid, GONE)
        else:
            await self._keep(opened, one.uid, raw, TOO_LARGE if large else "")

    async def _keep(self, opened: Opened, uid: int, raw: bytes, problem: str) -> None:
        async with self.house.transaction(SYSTEM) as tx:
            mail = await keep(tx, raw, source="imap", problem=problem)
            await store.seen(tx, self.folder.name, opened.uidvalidity, uid, mail=mail, note=problem)

    async def _note(self, opened: Opened, uid: int, note: str) -> None:
        async with self.house.transaction(SYSTEM) as tx:
            await store.seen(tx, self.folder.name, opened.uidvalidity, uid, mail=None, note=note)


def _unseen(there: Iterable[int], known: list[tuple[int, int]]) -> Iterable[int]:
    starts = [first for first, _ in known]
    for uid in there:
        place = bisect.bisect_right(starts, uid) - 1
        if place < 0 or known[place][1] < uid:
            yield uid


def _stand_in(folder: str, opened: Opened, one: Listed) -> bytes:
    name = f"<uid-{one.uid}.{opened.uidvalidity}@unfetched.invalid>"
    head = f"Message-ID: {name}\r\nX-Folder: {folder}\r\nX-Size: {one.size}\r\n\r\n"
    return head.encode("utf-8", "replace")
