"""Where mail arrives, in the worker alone: a folder that is followed, a place that listens."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

import structlog

from prunella.cases.mail.follow import Follower
from prunella.cases.mail.intake import keep
from prunella.connectors.mail import ImapFolder, LmtpServer
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House

log = structlog.get_logger()

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """Brings mail in. Without a URL or a place to listen, that way is closed."""

    house: House
    imap_url: str | None
    lmtp_listen: str | None

    def ways(self) -> list[Callable[[], Awaitable[None]]]:
        """Each brings mail in until cancelled; the folder's ends where the database fails it.

        Who listens goes on, and answers that a mail could not be stored.
        """
        ways: list[Callable[[], Awaitable[None]]] = []
        if self.imap_url:
            ways.append(Follower(self.house, ImapFolder(self.imap_url)).run)
        if self.lmtp_listen:
            ways.append(partial(self._listen, self.lmtp_listen))
        return ways

    async def receive(self, raw: bytes, sender: str, recipients: Sequence[str]) -> None:
        """Store a mail; once this is back it is committed. What a mail server delivers to."""
        async with self.house.transaction(SYSTEM) as tx, tx.together():
            await keep(tx, raw, source="lmtp", envelope_from=sender, envelope_to=recipients)

    async def _listen(self, listen: str) -> None:
        """Listen; where another worker has the place, take it over once that one has ended."""
        wait_s = FIRST_WAIT_S
        while True:
            try:
                async with LmtpServer(self.receive, listen):
                    log.info("mail is taken by LMTP", listen=listen)
                    await asyncio.Event().wait()
            except OSError as error:
                log.warning("cannot listen for mail", listen=listen, why=str(error))
            await asyncio.sleep(wait_s * random.uniform(0.7, 1.3))  # noqa: S311 jitter
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)
