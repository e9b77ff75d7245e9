"""The running parts behind the addresses: engine, log, deliveries, the tick of time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from prunella_sandbox import timeline
from prunella_sandbox.api.engine import Engine
from prunella_sandbox.api.requests import RequestLog
from prunella_sandbox.webhooks.deliverer import Deliverer
from prunella_sandbox.world import World

TICK_S = 1.0


class Service:
    def __init__(
        self, world: World, engine: Engine, *, on_reset: Callable[[], None] | None = None
    ) -> None:
        self.world = world
        self.engine = engine
        self._on_reset = on_reset
        self.log = RequestLog()
        self.advancing = asyncio.Lock()
        self._deliverer: Deliverer | None = None

    def deliverer(self) -> Deliverer:
        """Give the deliverer of the running event loop; the first call starts it."""
        if self._deliverer is None:
            self._deliverer = Deliverer(self.world)
        return self._deliverer

    def reset(self) -> None:
        """Forget objects, faults, requests and whatever else belongs to this world."""
        self.world.reset()
        self.engine.faults.clear()
        self.log.clear()
        self.deliverer().set_mode("normal")
        if self._on_reset:
            self._on_reset()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        deliverer = self.deliverer()
        ticking = asyncio.create_task(self._tick())
        try:
            yield
        finally:
            ticking.cancel()
            await asyncio.gather(ticking, return_exceptions=True)
            await deliverer.close()
            self._deliverer = None

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            async with self.advancing:
                timeline.run_due(self.world)
