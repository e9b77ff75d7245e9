"""A company with its web: real rooms on a real database, the mirror filled by hand, no Stripe."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import jwt
from fastapi import FastAPI
from tests.conftest import TestClock
from tests.diagnostics.stripe_json import NOW, Json
from tests.shipped import book_for
from tests.web.warm import create_warm_app

from prunella import people
from prunella.bootstrap import Rooms, open_rooms
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import system_now
from prunella.mirror.objects.seen import unfold
from prunella.mirror.objects.store import put_newer
from prunella.people import Customer
from prunella.settings import Settings

SECRET = "jwt-secret-of-the-suite-" + 5 * "0123456789"
ADMIN = "admin-token-of-the-suite"
WEBHOOKS = "whsec_of_the_suite"
URL = "http://billing.tai.example"


@dataclass
class Company:
    """What a test of the web needs at hand."""

    rooms: Rooms
    app: FastAPI
    clock: TestClock
    url: str = URL

    async def knows(self, *objects: Json, at: datetime = NOW) -> None:
        """Fill the mirror, as if Stripe had told it just now."""
        seen = [one for data in objects for one in unfold(data, since=at, until=at)]
        async with self.rooms.house.transaction(SYSTEM) as tx:
            await put_newer(tx, seen)

    async def customer(self, ref: str) -> Customer:
        async with self.rooms.house.transaction(SYSTEM) as tx:
            found = await people.find_customer(tx, ref)
        assert found
        return found

    async def free_customer(self, name: str = "Hollow Oak Toys") -> Customer:
        async with self.rooms.house.transaction(SYSTEM) as tx:
            return await people.add_customer(tx, name=name, email="hello@hollowoak.example")

    async def staff_token(self, role: str) -> str:
        async with self.rooms.house.transaction(SYSTEM) as tx:
            return await people.tokens.create(tx, name=role, role=role)

    async def mail_link(self, customer: Customer) -> str:
        async with self.rooms.house.transaction(SYSTEM) as tx:
            return await people.links.make(tx, customer=customer.id, subject="in_march")

    async def count(self, table: str) -> int:
        async with self.rooms.house.transaction(SYSTEM) as tx:
            row = await tx.conn.execute(f"select count(*) as n from {table}".encode())  # noqa: S608 a name of ours
            return int((await row.fetchone() or {})["n"])

    def token(self, customer: str, **claims: Any) -> str:
        """Sign a customer in, as the company's own product does."""
        base = {"sub": customer, "exp": system_now() + timedelta(hours=1)}
        return jwt.encode(base | claims, SECRET, algorithm="HS256")

    def client(self, **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=URL, headers=headers)

    def api(self, token: str = ADMIN) -> httpx.AsyncClient:
        return self.client(authorization=f"Bearer {token}")


@asynccontextmanager
async def company(
    database_url: str,
    *,
    stripe: str = "http://127.0.0.1:9",
    embed_origins: Sequence[str] = (),
    **others: Any,
) -> AsyncIterator[Company]:
    settings = Settings(
        admin_token=ADMIN,
        customer_jwt_secret=SECRET,
        stripe_webhook_secret=WEBHOOKS,
        stripe_api_key="sk_test_of_the_suite",
        stripe_api_base=stripe,
        public_url=URL,
        embed_origins=list(embed_origins),
        **others,
    )
    clock = TestClock()
    clock.time = NOW
    async with open_rooms(settings, database_url, book=book_for(settings)) as rooms:
        rooms.house.clock = clock
        yield Company(rooms=rooms, app=create_warm_app(rooms), clock=clock)
