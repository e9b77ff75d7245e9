"""A made-up account's past: changes of its objects, and the event that tells of each."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.mirror.world import World, event

STATUSES = {
    "subscription": ("active", "past_due", "unpaid", "canceled"),
    "invoice": ("draft", "open", "paid", "void"),
    "payment_intent": ("requires_payment_method", "processing", "succeeded"),
    "charge": ("pending", "failed", "succeeded"),
    "refund": ("pending", "failed", "succeeded"),
}
BEGIN = 1_760_000_000


@dataclass(frozen=True)
class Change:
    """At `time` an object became `data` (None: it was deleted), and `body` tells of it."""

    time: int
    name: str
    data: dict[str, Any] | None
    body: bytes


@dataclass
class History:
    """Draws changes; the same seed draws the same ones. Many fall into one second."""

    seed: int
    alive: dict[str, dict[str, Any]] = field(default_factory=dict)
    time: int = BEGIN

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 draws a story, hides nothing

    def changes(self, count: int) -> Iterator[Change]:
        for n in range(count):
            self.time += self._random.choice((0, 0, 0, 1, 2, 40))
            yield self._change(n)

    def _change(self, n: int) -> Change:
        customers = [name for name in self.alive if name.startswith("cus_")]
        if len(customers) < 3 or self._random.random() < 0.12:
            return self._born(n, customers)
        data = self.alive[self._random.choice(list(self.alive))]
        if data["object"] == "customer" and self._random.random() < 0.05:
            del self.alive[data["id"]]
            return self._told(n, "customer.deleted", data, gone=True)
        return self._told(n, f"{data['object']}.updated", self._changed(n, data))

    def _born(self, n: int, customers: list[str]) -> Change:
        kind = self._random.choice(("customer", *STATUSES)) if len(customers) > 2 else "customer"
        prefix = {"customer": "cus", "invoice": "in", "charge": "ch"}.get(kind, kind)
        data = {"id": f"{prefix}_{n:06}", "object": kind, "created": self.time}
        if kind == "refund":
            charges = [name for name in self.alive if name.startswith("ch_")]
            if not charges:
                return self._born(n, customers)
            data["charge"] = self._random.choice(charges)
        elif kind != "customer":
            data["customer"] = self._random.choice(customers)
        return self._told(n, f"{kind}.created", self._changed(n, data))

    def _changed(self, n: int, data: dict[str, Any]) -> dict[str, Any]:
        statuses = STATUSES.get(data["object"])
        status = {"status": self._random.choice(statuses)} if statuses else {}
        return {**data, **status, "metadata": {"n": str(n)}}

    def _told(self, n: int, type_: str, data: dict[str, Any], *, gone: bool = False) -> Change:
        if data["object"] == "subscription":
            type_ = f"customer.{type_}"
        if not gone:
            self.alive[data["id"]] = data
        body = event(f"evt_{n:06}", type_, data, created=self.time)
        if self._random.random() < 0.03:
            body = _of_another_version(body)
        return Change(self.time, data["id"], None if gone else data, body)


def happen(world: World, change: Change) -> None:
    world.time = change.time
    if change.data is None:
        world.objects.pop(change.name, None)
    else:
        world.put(change.data)


def _of_another_version(body: bytes) -> bytes:
    told = json.loads(body)
    about = told["data"]["object"]
    odd = {"id": about["id"], "object": about["object"], "shape": "of another time"}
    return json.dumps({**told, "api_version": "2019-05-16", "data": {"object": odd}}).encode()
