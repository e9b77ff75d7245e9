"""The door for webhooks: many that come at once are stored by one statement and one commit."""

import asyncio
from collections.abc import Sequence

import structlog

from prunella.kit.actor import SYSTEM
from prunella.kit.clock import system_now
from prunella.kit.house import House
from prunella.mirror.inbox import store
from prunella.mirror.inbox.envelope import Envelope, open_envelope
from prunella.mirror.inbox.signature import check_signature

log = structlog.get_logger()

MAX_BODY_BYTES = 5_000_000
MAX_BATCH = 256
MIN_BATCH = 16
MAX_WAITING = 4_096
MAX_STORING = 2
"""While one statement commits, another is made ready; more would only make them smaller."""
STORE_TIMEOUT_S = 10.0


class BodyTooLargeError(Exception):
    """The body of a webhook is larger than any event of Stripe."""


class InboxUnavailableError(Exception):
    """The event could not be stored just now. Stripe sends it again."""


Waiter = tuple[Envelope, "asyncio.Future[None]"]


class Inbox:
    """Takes webhooks. One for each web process."""

    def __init__(self, house: House, *, secrets: Sequence[str]) -> None:
        self._house = house
        self._secrets = tuple(secrets)
        self._waiting: list[Waiter] = []
        self._storing = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def receive(self, raw_body: bytes, signature: str | None) -> str:
        """Check and store one webhook; returns its event id only after the commit.

        Raises BodyTooLargeError, BadSignatureError, or InboxUnavailableError (answer 503).
        A duplicate is fine, and stored once.
        """
        if len(raw_body) > MAX_BODY_BYTES:
            raise BodyTooLargeError
        check_signature(raw_body, signature, secrets=self._secrets, now=system_now())
        if len(self._waiting) >= MAX_WAITING:
            raise InboxUnavailableError
        envelope = open_envelope(raw_body)
        if envelope.aside:
            log.warning("webhook put aside", about=envelope.event_id, reason=envelope.aside)
        await self._stored(envelope)
        return envelope.event_id

    async def _stored(self, envelope: Envelope) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((envelope, done))
        if self._storing < MAX_STORING:
            self._storing += 1
            task = asyncio.create_task(self._store_all())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        await done

    async def _store_all(self) -> None:
        """Store what waits; what comes during a commit goes with the next one."""
        # Counted down in the same breath as the last look: a callback would come too late for
        # who waits meanwhile.
        try:
            while self._waiting:
                await self._store(self._next_batch())
        finally:
            self._storing -= 1

    def _next_batch(self) -> list[Waiter]:
        some = min(MAX_BATCH, max(MIN_BATCH, len(self._waiting) // MAX_STORING))
        batch, self._waiting = self._waiting[:some], self._waiting[some:]
        return batch

    async def _store(self, batch: list[Waiter]) -> None:
        problem: Exception | None = None
        try:
            async with asyncio.timeout(STORE_TIMEOUT_S), self._house.transaction(SYSTEM) as tx:
                await store.store(tx, [envelope for envelope, _ in batch])
        except Exception as error:  # noqa: BLE001 whatever it is, every caller gets an answer
            log.warning("webhooks could not be stored", count=len(batch), problem=repr(error))
            problem = error
        for _, done in batch:
            _answer(done, problem)


def _answer(done: asyncio.Future[None], problem: Exception | None) -> None:
    if done.done():  # its caller has gone away
        return
    if problem is None:
        done.set_result(None)
        return
    unavailable = InboxUnavailableError()
    unavailable.__cause__ = problem
    done.set_exception(unavailable)
