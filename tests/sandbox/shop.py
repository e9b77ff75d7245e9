"""A company that bills through the sandbox, with every answer held against the SDK."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
from tests.sandbox.visitor import HERE, Visitor

from prunella_sandbox import World
from prunella_sandbox.mailbox import Mailbox
from prunella_sandbox.outside import create_outside

KEY = {"Authorization": "Bearer sk_test_pages"}
GOOD = {"number": "4242 4242 4242 4242", "expiry": "12/34", "cvc": "123"}


class Shop:
    """The company's key to the API, and a visitor to the pages."""

    def __init__(self, world: World, http: httpx.AsyncClient) -> None:
        self.world = world
        self.visitor = Visitor(http)
        self._http = http

    def another_visitor(self) -> Visitor:
        return Visitor(self._http)

    async def post(self, path: str, **fields: str) -> dict[str, Any]:
        answer = await self._http.post(f"/v1/{path}", data=fields, headers=KEY)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def get(self, path: str) -> dict[str, Any]:
        answer = await self._http.get(f"/v1/{path}", headers=KEY)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def bill(self, *, amount: str = "366504", currency: str = "usd") -> dict[str, Any]:
        """An invoice for somebody without a card, sent by mail."""
        customer = await self.post("customers", name="Northbeck", email="pay@northbeck.example")
        item = {"customer": customer["id"], "amount": amount, "currency": currency}
        await self.post("invoiceitems", **item, description="Starter plan")
        draft = await self.post(
            "invoices",
            customer=customer["id"],
            collection_method="send_invoice",
            days_until_due="14",
            pending_invoice_items_behavior="include",
            currency=currency,
        )
        return await self.post(f"invoices/{draft['id']}/send")

    async def wait(self, *, days: int) -> None:
        answer = await self._http.post("/_sandbox/clock", json={"advance_seconds": days * 86400})
        assert answer.is_success

    async def state_of(self, invoice: Mapping[str, Any]) -> str:
        return str((await self.get(f"invoices/{invoice['id']}"))["status"])

    async def charges(self) -> list[dict[str, Any]]:
        return list((await self.get("charges"))["data"])


@asynccontextmanager
async def a_shop() -> AsyncIterator[Shop]:
    world = World(seed=1)
    app = create_outside(world, Mailbox(), public_url=HERE, is_checked=True)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=HERE) as http:
        yield Shop(world, http)
