"""Live pages: one tail of the events for each web process, which tells its pages to look again.

A hint may be lost, and carries nothing: a page that hears one fetches itself again.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog
from psycopg import Error
from psycopg_pool import PoolTimeout

from prunella.kit import events
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House
from prunella.people import Customer
from prunella.web.errors import TooManyError

log = structlog.get_logger()

LOOK_EVERY_S = 0.4
AFTER_AN_ERROR_S = 2.0
HEARTBEAT_S = 15.0
LASTS_BEATS = 40
MAX_PER_SESSION = 6
MAX_OPEN = 2_000
TAIL_AT_MOST = 500
LOOKS_FOR_LATE_ONES = 75
"""Half a minute: longer than transactions of ours last."""
MOST_MISSING = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """An open page. `customers`: the names of whose events it wants to hear of; None for all.

    An event about something at Stripe may know the customer by `cus_…` alone.
    """

    session: str
    customers: frozenset[str | None] | None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def hears_of(self, customers: set[str | None]) -> bool:
        return bool(customers if self.customers is None else self.customers & customers)


@dataclass(slots=True)
class Tail:
    """How far the events were read, and which of those before may still come.

    A number is given when an event is written, and can be seen once its transaction is through:
    one that is left out comes later, or was taken back.
    """

    seen: int
    missing: dict[int, int] = field(default_factory=dict)
    """Number to how many more looks it is looked for."""

    def take(self, found: Sequence[int]) -> None:
        """Note what a look found."""
        newest = max(self.seen, *found) if found else self.seen
        waiting = {seq: looks - 1 for seq, looks in self.missing.items() if looks > 1}
        waiting |= dict.fromkeys(range(self.seen + 1, newest), LOOKS_FOR_LATE_ONES)
        for seq in found:
            waiting.pop(seq, None)
        self.missing, self.seen = dict(list(waiting.items())[-MOST_MISSING:]), newest


class Live:
    """The tail and the pages that listen. It rests while nobody does."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._open: set[Page] = set()
        self._fresh: set[Page] = set()
        """They have not heard of what happened since they were written."""
        self._somebody = asyncio.Event()

    def check_room(self, session: str) -> None:
        """Each session may have a few pages open, not more."""
        of_session = sum(page.session == session for page in self._open)
        if of_session >= MAX_PER_SESSION or len(self._open) >= MAX_OPEN:
            raise TooManyError

    @contextmanager
    def page(self, *, session: str, customer: Customer | None) -> Iterator[Page]:
        """Listen while the block runs."""
        names = (
            frozenset({customer.id, customer.stripe_customer or customer.id}) if customer else None
        )
        page = Page(session=session, customers=names)
        self._open.add(page)
        self._fresh.add(page)
        self._somebody.set()
        try:
            yield page
        finally:
            self._open.discard(page)
            self._fresh.discard(page)
            if not self._open:
                self._somebody.clear()

    async def run(self) -> None:
        """Follow the events until cancelled; survives a database that is away for a while."""
        while True:
            await self._somebody.wait()
            try:
                await self._follow()
            except (Error, PoolTimeout) as error:
                log.warning("live tail stopped, will go on", error=repr(error)[:200])
                await asyncio.sleep(AFTER_AN_ERROR_S)

    async def _follow(self) -> None:
        async with self._house.transaction(SYSTEM) as tx:
            tail = Tail(await events.last(tx))
        self._tell(None)
        while self._open:
            await asyncio.sleep(LOOK_EVERY_S)
            async with self._house.transaction(SYSTEM) as tx:
                new = await events.tail(tx, tail.seen, TAIL_AT_MOST, missing=list(tail.missing))
            tail.take([row["seq"] for row in new])
            self._tell({row["customer"] for row in new})

    def _tell(self, customers: set[str | None] | None) -> None:
        """Tell the pages that these customers concern, and those that have just come."""
        for page in self._open:
            if page in self._fresh or customers is None or page.hears_of(customers):
                page.changed.set()
        self._fresh.clear()


async def stream(page: Page) -> AsyncIterator[str]:
    """What goes over the line: a hint for each change, a heartbeat while there is none.

    It ends by itself after some minutes, so that a session that has ended is noticed; the browser
    comes back.
    """
    yield "retry: 2000\n\n"
    for _ in range(LASTS_BEATS):
        try:
            async with asyncio.timeout(HEARTBEAT_S):
                await page.changed.wait()
        except TimeoutError:
            yield ": still here\n\n"
            continue
        page.changed.clear()
        yield "event: changed\ndata: look\n\n"
