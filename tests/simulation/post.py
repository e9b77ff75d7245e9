"""How Stripe's webhooks reach us on bad days: lost, late, twice, shuffled, or when we fail."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from dataclasses import dataclass, field

from tests.mirror.world import sign

from prunella.mirror import Inbox
from prunella_sandbox.rendering import shown
from prunella_sandbox.world import World

LOST, HELD, TWICE, FAILED = 0.02, 0.05, 0.06, 0.03
LATEST_DAYS = 3
AT_ONCE = 256


@dataclass
class Post:
    """Everything that the sandbox wants delivered goes through here, a day at a time."""

    world: World
    inbox: Inbox
    rng: random.Random
    fate: Counter[str] = field(default_factory=Counter)
    held: dict[int, list[bytes]] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)

    async def deliver(self, day: int) -> None:
        bodies = self.held.pop(day, []) + self._collected(day)
        self.rng.shuffle(bodies)
        for some in (bodies[at : at + AT_ONCE] for at in range(0, len(bodies), AT_ONCE)):
            await asyncio.gather(*(self.inbox.receive(body, sign(body)) for body in some))
        self.fate["delivered"] += len(bodies)

    def _collected(self, day: int) -> list[bytes]:
        now: list[bytes] = []
        while self.world.outbox:
            event = self.world.find("event", self.world.outbox.popleft().event_id) or {}
            body = json.dumps(shown(self.world, event)).encode()
            fate = self._fate()
            self.fate[fate] += 1
            if fate == "lost":
                self.lost.add(event["id"])
            later = self.held.setdefault(day + self.rng.randint(1, LATEST_DAYS), [])
            now += [body] * {"lost": 0, "held": 0, "failed": 0}.get(fate, 1)
            if fate in {"held", "twice", "failed"}:
                later.append(body)
        return now

    def _fate(self) -> str:
        """`failed` is an answer of 500 before anything was stored: Stripe comes again."""
        drawn = self.rng.random()
        for name, share in (("lost", LOST), ("held", HELD), ("twice", TWICE), ("failed", FAILED)):
            if drawn < share:
                return name
            drawn -= share
        return "on_time"
