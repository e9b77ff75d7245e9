"""Live pages: one tail of the events for each web process, which tells its pages to look again.

A hint may be lost, and carries nothing: a page that hears one fetches itself again.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
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


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """An open page. `customers`: the names of whose events it wants to hear of; None for all.

    An event about something at Stripe may know the customer by `cus_…` alone.
    """

    session: str
    customers: frozenset[str | None] | None
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class Live:
    """The tail and the pages that listen. It rests while nobody does."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._open: set[Page] = set()
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
        self._somebody.set()
        try:
            yield page
        finally:
            self._open.discard(page)
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
            seen = await events.last(tx)
        self._tell(None)
        while self._open:
            await asyncio.sleep(LOOK_EVERY_S)
            async with self._house.transaction(SYSTEM) as tx:
                new = await events.tail(tx, seen, TAIL_AT_MOST)
            if new:
                seen = new[-1]["seq"]
                self._tell({row["customer"] for row in new})

    def _tell(self, customers: set[str | None] | None) -> None:
        for page in self._open:
            if customers is None or page.customers is None or page.customers & customers:
                page.changed.set()


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
