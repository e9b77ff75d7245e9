"""The sandbox over HTTP, our own house beside it, and a worker that works when it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import stripe
import uvicorn
from tests.shipped import shipped_book

from prunella import actions, mirror, people
from prunella.actions import Action, ActionRequest, Door
from prunella.actions.carry_out import CarryOut, OwnSystem
from prunella.connectors.stripe.client import build_client, close_client
from prunella.connectors.stripe.pace import Pace
from prunella.connectors.stripe.reads import Reads
from prunella.connectors.stripe.writes import Later, Writes
from prunella.connectors.subscriptions import Mirrored, Source
from prunella.kit import timers
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.clock import from_unix
from prunella.kit.house import House
from prunella.people import Customer
from prunella_sandbox import World, create_app
from prunella_sandbox.shapes import check_request, check_response

KEY = "sk_test_actions"
PUBLIC_URL = "http://prunella.example"
DUE = 366504


@dataclass(frozen=True)
class WorldClock:
    """Business time is the sandbox's."""

    world: World

    def now(self) -> datetime:
        return from_unix(self.world.clock.now())

    async def reach(self, moment: datetime) -> None:
        """It is moved by hand."""


@dataclass
class Outside:
    """Stripe, as a company's own programs use it."""

    world: World
    http: httpx.AsyncClient
    client: stripe.StripeClient
    params: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def post(self, path: str, **fields: str) -> dict[str, Any]:
        answer = await self.http.post(f"/v1/{path}", data=fields)
        assert answer.status_code in {200, 402}, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        answer = await self.http.get(f"/v1/{path}", params=query)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def fault(self, kind: str, path: str, **more: float | str) -> None:
        answer = await self.http.post("/_sandbox/faults", json={"kind": kind, "path": path} | more)
        assert answer.is_success, answer.text

    async def pass_time(self, **amount: float) -> None:
        seconds = amount.get("minutes", 0) * 60 + amount.get("hours", 0) * 3600
        answer = await self.http.post("/_sandbox/clock", json={"advance_seconds": seconds})
        assert answer.is_success, answer.text

    async def sent(self, path: str) -> list[dict[str, Any]]:
        """Every write that reached Stripe, answered or not."""
        log = (await self.http.get("/_sandbox/requests")).json()["requests"]
        return [one for one in log if one["method"] == "POST" and one["path"].endswith(path)]

    def asked(self, path: str) -> dict[str, Any]:
        """What the last request to this path said."""
        return [given for where, given in self.params if where.endswith(path)][-1]

    async def customer(self, *, card: str | None = "pm_card_visa") -> dict[str, Any]:
        customer = await self.post("customers", name="Northbeck", email="pay@northbeck.example")
        if card:
            await self.set_card(customer["id"], card)
        return customer

    async def set_card(self, customer: str, card: str) -> str:
        method = await self.post(f"payment_methods/{card}/attach", customer=customer)
        default = {"invoice_settings[default_payment_method]": method["id"]}
        await self.post(f"customers/{customer}", **default)
        return str(method["id"])

    async def bill(self, customer: str, *, amount: int = DUE, currency: str = "usd") -> str:
        """An invoice that is open and that nobody has tried to collect."""
        fields = {"customer": customer, "currency": currency}
        await self.post("invoiceitems", amount=str(amount), description="Starter", **fields)
        draft = await self.post(
            "invoices", pending_invoice_items_behavior="include", auto_advance="false", **fields
        )
        return str((await self.post(f"invoices/{draft['id']}/finalize"))["id"])

    async def charges(self, customer: str) -> list[dict[str, Any]]:
        return list((await self.get("charges", customer=customer))["data"])

    async def invoice(self, name: str) -> dict[str, Any]:
        return await self.get(f"invoices/{name}")


@asynccontextmanager
async def outside() -> AsyncIterator[Outside]:
    world, params = World(seed=1), list[tuple[str, dict[str, Any]]]()

    def check(method: str, path: str, given: dict[str, Any]) -> list[str]:
        params.append((path, given))
        return check_request(method, path, given)

    app = create_app(world, check_request=check, check_response=check_response)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="on"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 uvicorn tells in no other way
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    client = build_client(KEY, api_base=url, max_network_retries=0)
    key = {"Authorization": f"Bearer {KEY}"}
    try:
        async with httpx.AsyncClient(base_url=url, headers=key, timeout=60) as http:
            yield Outside(world, http, client, params)
    finally:
        await close_client(client)
        server.should_exit = True
        await serving


@dataclass
class Ours:
    """Our side: what a page or a listener would do, and a worker's job, one at a time."""

    house: House
    stripe: Outside
    carry_out: CarryOut
    customer: Customer
    door: Door

    @property
    def person(self) -> Actor:
        return Actor(kind="customer", id=self.customer.id, role="billing", verified=True)

    async def see(self) -> None:
        """Bring the mirror up to date, as webhooks would."""
        if self.customer.stripe_customer:
            await mirror.refresh_customer(
                self.house, self.carry_out.reads, self.customer.stripe_customer
            )

    async def ask(self, kind: str, target: str, **more: Any) -> Action:
        actor = more.pop("actor", self.person)
        asked = {"business_key": f"{kind}:{target}", "customer": self.customer.id} | more
        async with self.house.transaction(actor) as tx:
            return await self.door.request(tx, ActionRequest(kind=kind, target=target, **asked))

    async def work(self, action: Action) -> Action:
        """Run the job of this action, as a worker would; a `Later` goes back to the queue."""
        with suppress(Later):
            await self.carry_out(action=action.id)
        return await self.now(action)

    async def now(self, action: Action) -> Action:
        async with self.house.transaction(SYSTEM) as tx:
            found = await actions.get(tx, action.id)
        assert found is not None
        return found

    async def life(self, action: Action) -> list[str]:
        async with self.house.transaction(SYSTEM) as tx:
            return [step.state for step in await actions.steps(tx, action.id)]

    async def fire_timers(self) -> None:
        while await timers.fire_one(self.house):
            pass

    async def jobs(self, name: str) -> list[dict[str, Any]]:
        sql = "select args from procrastinate_jobs where task_name = %s and status = 'todo'"
        async with self.house.transaction(SYSTEM) as tx:
            return [row["args"] for row in await tx.all(sql, (name,))]

    async def events(self, action: Action) -> list[str]:
        sql = "select name from events where subject = %s order by seq"
        async with self.house.transaction(SYSTEM) as tx:
            return [row["name"] for row in await tx.all(sql, (action.id,))]


def shipped_door() -> Door:
    """The door with the policy that is shipped."""
    return Door(shipped_book().policy)


def _hurried() -> Pace:
    """A pace whose waits pass at once."""
    time = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal time
        time += seconds

    return Pace(1000.0, monotonic=lambda: time, sleep=sleep)


async def settle_in(
    house: House, stripe_: Outside, customer: dict[str, Any], source: Source | None = None
) -> Ours:
    """Build our side around one customer that exists at Stripe."""
    reads = Reads(stripe_.client, pace=_hurried(), clock=house.clock)
    asked = source or Mirrored()
    own = OwnSystem(mirror.Readings(house, asked), asked)
    carry_out = CarryOut(house, Writes(stripe_.client, timeout_s=60.0), reads, own, PUBLIC_URL)
    await mirror.refresh_customer(house, reads, customer["id"])
    async with house.transaction(SYSTEM) as tx:
        known = await people.of_stripe(tx, customer["id"])
    assert known is not None
    return Ours(house, stripe_, carry_out, known, shipped_door())
