"""Check again: Stripe and the company's own system are asked at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from tests.diagnostics.stripe_json import CUSTOMER, Json, customer, subscription
from tests.web.company import Company, company
from tests.web.serving import serving

from prunella import mirror
from prunella.kit.actor import SYSTEM
from prunella.web.freshness import read_again

PATIENCE_S = 120.0
"""However slow the machine is."""


@dataclass
class Outside:
    """Stripe and the company's own system. `together`: each answers once both were asked."""

    together: bool = False
    stripe_is_shut: bool = False
    own_is_away: bool = False
    plans: list[Json] = field(default_factory=list)
    stripe_asked: asyncio.Event = field(default_factory=asyncio.Event)
    own_asked: asyncio.Event = field(default_factory=asyncio.Event)
    times_own: int = 0

    async def own_system(self) -> JSONResponse:
        self.times_own += 1
        self.own_asked.set()
        if self.together:
            await self.stripe_asked.wait()
        said = {"plan": "starter", "active": True, "quantity": 1}
        return JSONResponse(said, status_code=503 if self.own_is_away else 200)

    async def customer_at_stripe(self) -> JSONResponse:
        self.stripe_asked.set()
        if self.together:
            await self.own_asked.wait()
        if self.stripe_is_shut:
            said = {"error": {"type": "invalid_request_error", "message": "Invalid API Key"}}
            return JSONResponse(said, status_code=401)
        return JSONResponse(customer())

    async def list_at_stripe(self, kind: str) -> JSONResponse:
        found = self.plans if kind == "subscriptions" else []
        return JSONResponse({"object": "list", "data": found, "has_more": False})


@asynccontextmanager
async def asking(outside: Outside, database_url: str) -> AsyncIterator[Company]:
    app = FastAPI()
    app.get(f"/own/{CUSTOMER}")(outside.own_system)
    app.get(f"/v1/customers/{CUSTOMER}")(outside.customer_at_stripe)
    app.get("/v1/{kind:path}")(outside.list_at_stripe)
    async with (
        serving(app) as url,
        company(database_url, stripe=url, subscriptions_url=f"{url}/own") as opened,
    ):
        await opened.knows(customer())
        yield opened


async def checked_again(web: Company) -> bool:
    known = await web.customer(CUSTOMER)
    return await read_again(web.app.state.site, known, patience_s=PATIENCE_S)


async def kept(web: Company) -> mirror.Entitlement:
    async with web.rooms.house.transaction(SYSTEM) as tx:
        found = await mirror.entitlement_of(tx, CUSTOMER)
    assert found is not None
    return found


async def test_both_are_asked_at_once(database_url: str) -> None:
    outside = Outside(together=True)
    async with asking(outside, database_url) as web:
        assert await checked_again(web)
        assert (await kept(web)).usable is not None


async def test_without_stripe_the_own_system_is_read_all_the_same(database_url: str) -> None:
    async with asking(Outside(stripe_is_shut=True), database_url) as web:
        assert not await checked_again(web)
        assert (await kept(web)).usable is not None


async def test_without_the_own_system_stripe_is_read_all_the_same(database_url: str) -> None:
    async with asking(Outside(own_is_away=True, plans=[subscription()]), database_url) as web:
        assert await checked_again(web)
        async with web.rooms.house.transaction(SYSTEM) as tx:
            assert await mirror.find(tx, [subscription()["id"]])
        assert (await kept(web)).failed


async def test_what_was_answered_before_stripe_said_something_newer_is_asked_again(
    database_url: str,
) -> None:
    outside = Outside(together=True, plans=[subscription()])
    async with asking(outside, database_url) as web:
        assert await checked_again(web)
        assert (await kept(web)).standing == mirror.standing_of([subscription()])
        assert await checked_again(web)
    assert outside.times_own == 3, "twice as a plan was new, once as nothing was"
