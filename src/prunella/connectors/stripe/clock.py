"""Business time of a world whose time can be moved: the sandbox's."""

import asyncio
import time
from contextlib import suppress
from datetime import datetime, timedelta

import httpx
import structlog

from prunella.connectors.stripe.errors import StripeUnreachable
from prunella.kit.clock import OffsetClock

log = structlog.get_logger()

TIMEOUT_S = 5.0
PATIENCE_S = 30.0
AGAIN_AFTER_S = 0.1


class NoSandboxError(StripeUnreachable):
    """PRUNELLA_CLOCK is `sandbox`, but nothing answers there. Start it, or unset PRUNELLA_CLOCK."""

    def __init__(self, url: str) -> None:
        super().__init__(f"{self.__doc__} ({url})")


class SandboxClock(OffsetClock):
    """Follows `GET {api_base}/_sandbox/clock`. Only for PRUNELLA_CLOCK=sandbox."""

    def __init__(self, api_base: str) -> None:
        super().__init__()
        self._url = f"{api_base}/_sandbox/clock"

    async def refresh(self) -> None:
        """Ask once. Raises httpx.HTTPError when the sandbox does not answer."""
        async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
            await self._ask(client)

    async def _ask(self, client: httpx.AsyncClient) -> None:
        answer = await client.get(self._url)
        answer.raise_for_status()
        self.offset = timedelta(seconds=answer.json()["offset_seconds"])

    async def reach(self, moment: datetime) -> None:
        """Ask where we are behind: else what happens after a jump would be dated before it."""
        if moment > self.now():
            with suppress(
                httpx.HTTPError, ValueError, KeyError
            ):  # it is away: time goes on with the last offset
                await self.refresh()

    async def find(self) -> None:
        """Wait for the sandbox to answer. Raises NoSandboxError when it does not in time."""
        until = time.monotonic() + PATIENCE_S
        async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
            while True:
                try:
                    return await self._ask(client)
                except (httpx.HTTPError, ValueError, KeyError) as error:
                    if time.monotonic() > until:
                        raise NoSandboxError(self._url) from error
                await asyncio.sleep(AGAIN_AFTER_S)

    async def follow(self, every_s: float) -> None:
        """Ask for ever; while the sandbox is away, time goes on with the last offset.

        One client for all of it: making one reads the machine's certificates each time.
        """
        async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
            while True:
                try:
                    await self._ask(client)
                except (httpx.HTTPError, ValueError, KeyError) as error:
                    log.warning("the sandbox's clock cannot be read", problem=repr(error))
                await asyncio.sleep(every_s)
