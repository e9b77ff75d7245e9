"""A web on real rooms, with the settings that a test asks for; no Stripe."""

import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import jwt
from fastapi import FastAPI
from tests.shipped import book_for
from tests.web.warm import create_warm_app

from prunella import people
from prunella.bootstrap import Rooms, open_rooms
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import system_now
from prunella.people import Customer
from prunella.settings import Settings

JWT = "jwt-secret-of-the-suite-" + 5 * "0123456789"
WEBHOOKS = "whsec_of_the_suite_0123456789"
URL = "http://billing.tai.example"


@dataclass
class Installation:
    """One web process on its own settings."""

    rooms: Rooms
    app: FastAPI

    def client(self, **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=URL, headers=headers)

    async def staff_token(self) -> str:
        async with self.rooms.house.transaction(SYSTEM) as tx:
            return await people.tokens.create(tx, name="Operator", role="admin")

    async def customer(self) -> Customer:
        async with self.rooms.house.transaction(SYSTEM) as tx:
            return await people.add_customer(tx, name="Hollow Oak Toys", email="a@oak.example")

    async def link(self, customer: Customer) -> str:
        async with self.rooms.house.transaction(SYSTEM) as tx:
            return await people.links.make(tx, customer=customer.id)


@asynccontextmanager
async def installation(database_url: str, **changed: Any) -> AsyncIterator[Installation]:
    standard: dict[str, Any] = {
        "customer_jwt_secret": JWT,
        "stripe_webhook_secret": WEBHOOKS,
        "stripe_api_key": "sk_test_of_the_suite",
        "stripe_api_base": "http://127.0.0.1:9",
        "public_url": URL,
    }
    settings = Settings.model_validate(standard | changed)
    async with open_rooms(settings, database_url, book=book_for(settings)) as rooms:
        yield Installation(rooms, create_warm_app(rooms))


def signed(body: bytes, secret: str) -> str:
    """As Stripe signs it, just now."""
    now = int(time.time())
    digest = hmac.new(secret.encode(), b"%d." % now + body, hashlib.sha256).hexdigest()
    return f"t={now},v1={digest}"


def sign_in_token(customer: str, secret: str) -> str:
    """As the company's own product makes it."""
    claims = {"sub": customer, "exp": system_now() + timedelta(minutes=5)}
    return jwt.encode(claims, secret, algorithm="HS256")
