"""The ways out of the house: its database, Stripe, and whose time it lives in."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass

import stripe
from pydantic import SecretStr

from prunella.connectors.stripe.client import build_client, close_client
from prunella.connectors.stripe.clock import SandboxClock
from prunella.connectors.stripe.pace import Pace
from prunella.connectors.stripe.reads import Reads
from prunella.connectors.stripe.writes import Writes
from prunella.connectors.subscriptions import HttpSource, Mirrored, Source, SqlSource
from prunella.kit.clock import Clock, SystemClock
from prunella.kit.house import Pool
from prunella.kit.pool import open_pool
from prunella.settings import Settings

POOL_SIZE = 20
CLOCK_EVERY_S = 0.25
NO_KEY = SecretStr("sk_test_unset")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What a simulation passes in: its time, and a way to Stripe without a network."""

    clock: Clock | None = None
    http: stripe.HTTPClient | None = None


@dataclass(frozen=True, slots=True)
class Ways:
    """Opens what leads out; the stack closes it again."""

    settings: Settings
    outside: Outside
    stack: AsyncExitStack

    async def pool(self, url: str) -> Pool:
        pool = await open_pool(url, max_size=POOL_SIZE)
        self.stack.push_async_callback(pool.close)
        return pool

    async def clock(self) -> Clock:
        if self.outside.clock:
            return self.outside.clock
        if self.settings.clock == "system":
            return SystemClock()
        clock = SandboxClock(self.settings.stripe_api_base)
        await clock.find()
        following = asyncio.create_task(clock.follow(CLOCK_EVERY_S))
        self.stack.callback(following.cancel)
        return clock

    def reads(self, clock: Clock) -> Reads:
        pace = Pace(self.settings.stripe_requests_per_s)
        return Reads(self._client(self.settings.read_key or NO_KEY), pace=pace, clock=clock)

    def writes(self) -> Writes | None:
        """None where this installation was given no key that may write."""
        key = self.settings.stripe_api_key
        return Writes(self._client(key)) if key else None

    def subscriptions(self) -> Source:
        """Return what says what customers may use: the company's own system, or Stripe alone."""
        source = subscriptions_of(self.settings)
        self.stack.push_async_callback(source.close)
        return source

    def _client(self, key: SecretStr) -> stripe.StripeClient:
        client = build_client(
            key.get_secret_value(),
            api_base=self.settings.stripe_api_base,
            max_network_retries=0,
            http=self.outside.http,
        )
        self.stack.push_async_callback(close_client, client)
        return client


def subscriptions_of(settings: Settings) -> Source:
    if settings.subscriptions_url is None:
        return Mirrored()
    url = settings.subscriptions_url.get_secret_value()
    if settings.subscriptions_in_database:
        query, statement = settings.subscriptions_query or "", settings.subscriptions_statement
        return SqlSource(url, query=query, statement=statement)
    token = settings.subscriptions_token
    return HttpSource(
        url,
        token=token.get_secret_value() if token else None,
        writable=settings.subscriptions_writes,
    )
