"""Delivers committed events: many at once, bounded, outside the world's lock.

A delivery that is not answered with 2xx is tried again, at first soon, then with growing pauses,
in real time (the sandbox's clock may leap over days in a moment). Signatures carry system time.
Under `reorder` a batch is collected for a moment and shuffled; under `hold` everything waits for
`release`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable

from prunella_sandbox.rendering import shown
from prunella_sandbox.store import Obj
from prunella_sandbox.webhooks.modes import Mode, arranged
from prunella_sandbox.webhooks.signing import signature
from prunella_sandbox.webhooks.wire import Wire
from prunella_sandbox.world import Delivery, World

PAUSES_S = (0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300)
MAX_AT_ONCE = 64
TIMEOUT_S = 20
COLLECT_S = 0.05
SUCCESS = range(200, 300)
MAX_WAITING = 200_000
Sleep = Callable[[float], Awaitable[None]]
log = logging.getLogger("prunella_sandbox")


class Deliverer:
    def __init__(self, world: World, *, sleep: Sleep = asyncio.sleep) -> None:
        self.mode: Mode = "normal"
        self._world = world
        self._sleep = sleep
        self._wake = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._slots = asyncio.Semaphore(MAX_AT_ONCE)
        self._running: set[asyncio.Task[None]] = set()
        self._wire = Wire()
        self._dispatcher = asyncio.create_task(self._dispatch())
        world.on_commit = self.wake

    def wake(self) -> None:
        """Look for new deliveries; may be called from any thread."""
        self._loop.call_soon_threadsafe(self._wake.set)

    def set_mode(self, mode: Mode) -> None:
        self.mode = mode
        self.wake()

    def waiting(self) -> int:
        return len(self._world.outbox) + len(self._running)

    async def close(self) -> None:
        self._world.on_commit = None
        tasks = [self._dispatcher, *self._running]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._wire.close()

    async def _dispatch(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            if self.mode == "hold":
                continue
            if self.mode == "reorder":
                await self._sleep(COLLECT_S)
            await self._send_all()

    async def _send_all(self) -> None:
        for delivery in arranged(self._drain(), self.mode, self._world.chance):
            await self._slots.acquire()
            task = asyncio.create_task(self._deliver(delivery))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    def _drain(self) -> list[Delivery]:
        batch: list[Delivery] = []
        while self._world.outbox and len(batch) < MAX_WAITING:
            batch.append(self._world.outbox.popleft())
        return batch

    async def _deliver(self, delivery: Delivery) -> None:
        """Try until it is taken; only the tries themselves hold one of the slots."""
        try:
            is_taken = await self._try(delivery)
        finally:
            self._slots.release()
        for pause in PAUSES_S:
            if is_taken:
                break
            await self._sleep(pause)
            async with self._slots:
                is_taken = await self._try(delivery)
        if not is_taken:
            log.warning("gave up on %s to %s", delivery.event_id, delivery.endpoint_id)

    async def _try(self, delivery: Delivery) -> bool:
        event = self._world.find("event", delivery.event_id)
        endpoint = self._world.find("webhook_endpoint", delivery.endpoint_id)
        if event is None or endpoint is None or endpoint.get("status") != "enabled":
            return True
        if not await self._post(event, endpoint):
            return False
        self._count_down(event)
        return True

    async def _post(self, event: Obj, endpoint: Obj) -> bool:
        body = json.dumps(shown(self._world, event), separators=(",", ":")).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature(body, secret=endpoint["_secret"], at=int(time.time())),
            "User-Agent": "Stripe/1.0 (+sandbox)",
        }
        try:
            status = await self._wire.post(
                endpoint["url"], body, headers=headers, timeout_s=TIMEOUT_S
            )
        except (OSError, ValueError):
            return False
        return status in SUCCESS

    def _count_down(self, event: Obj) -> None:
        with self._world.transaction():
            current = self._world.find("event", event["id"])
            if current and current["pending_webhooks"]:
                self._world.update(current, pending_webhooks=current["pending_webhooks"] - 1)
