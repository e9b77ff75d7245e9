"""Sending one write: once, within a time, and with its errors put into our tree."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import stripe

from prunella.connectors.stripe.writes.problems import Unsure, problem_of_write

TIMEOUT_S = 40.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Done:
    """Stripe's ids and facts. Whoever holds `url` may pay or change a card: never log it."""

    facts: dict[str, Any]
    url: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """Stripe, to change."""

    client: stripe.StripeClient
    timeout_s: float = TIMEOUT_S

    def _options(self, key: str) -> stripe.RequestOptions:
        return {"idempotency_key": key, "max_network_retries": 0}

    async def _send(self, request: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self.timeout_s):
                return await request
        except TimeoutError as error:
            message = "time_out"
            raise Unsure(message) from error
        except stripe.StripeError as error:
            raise problem_of_write(error) from error
