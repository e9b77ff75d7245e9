"""The sandbox over real HTTP on loopback, spoken to by the official SDK, both shape checks on.

Tests that take `account` run against Stripe's own test mode as well when STRIPE_TEST_KEY is set.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import stripe
import uvicorn

from prunella_sandbox import World, create_app
from prunella_sandbox.serving import address, bind
from prunella_sandbox.shapes import check_request, check_response

DAY = 24 * 3600


@dataclass
class Account:
    """A Stripe account: the sandbox's, or a real one in test mode."""

    client: stripe.StripeClient
    control: httpx.Client | None = None
    world: World | None = None

    @property
    def v1(self) -> Any:
        return self.client.v1

    def customer(self, *, card: str | None = "pm_card_visa", **details: Any) -> Any:
        """A customer whose default is this card."""
        customer = self.v1.customers.create({"email": "pay@northbeck.example", **details})
        if card:
            self.give_card(customer.id, card)
        return self.v1.customers.retrieve(customer.id)

    def give_card(self, customer: str, card: str) -> str:
        method = self.v1.payment_methods.attach(card, {"customer": customer})
        chosen = {"default_payment_method": method.id}
        self.v1.customers.update(customer, {"invoice_settings": chosen})
        return str(method.id)

    def price(self, *, amount: int = 2500, currency: str = "usd", **details: Any) -> str:
        price = self.v1.prices.create(
            {
                "currency": currency,
                "product_data": {"name": "Starter"},
                "recurring": {"interval": "month"},
                "unit_amount": amount,
                **details,
            }
        )
        return str(price.id)

    def bill(self, customer: str, *, amount: int = 2500, currency: str = "usd") -> Any:
        """An open invoice over this amount."""
        draft = self.v1.invoices.create({"customer": customer, "currency": currency})
        self.v1.invoice_items.create(
            {"customer": customer, "invoice": draft.id, "amount": amount, "currency": currency}
        )
        return self.v1.invoices.finalize_invoice(draft.id, {"auto_advance": False})


@dataclass
class Sandbox(Account):
    """The sandbox, with what no real account has."""

    url: str = ""

    def send(self, path: str, body: dict[str, Any] | None = None) -> Any:
        assert self.control is not None
        answer = self.control.post(f"/_sandbox{path}", json=body or {})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def read(self, path: str) -> Any:
        assert self.control is not None
        return self.control.get(f"/_sandbox{path}").json()

    def advance(self, **amount: float) -> None:
        units = {"days": DAY, "hours": 3600, "minutes": 60, "seconds": 1}
        seconds = sum(units[unit] * count for unit, count in amount.items())
        self.send("/clock", {"advance_seconds": seconds})

    def events(self, *kinds: str) -> list[Any]:
        """All events of these kinds, oldest first."""
        found = self.read("/events")["events"][::-1]
        return [event for event in found if not kinds or event["type"] in kinds]


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[World, str]]:
    world, listener = World(), bind("127.0.0.1", 0)
    url = address(listener)
    app = create_app(
        world, public_url=url, check_response=check_response, check_request=check_request
    )
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield world, url
    server.should_exit = True
    thread.join()


@pytest.fixture
def sandbox(served: tuple[World, str]) -> Iterator[Sandbox]:
    world, url = served
    with httpx.Client(base_url=url, trust_env=False, timeout=120) as control:
        client = stripe.StripeClient("sk_test_sandbox", base_addresses={"api": url})
        account = Sandbox(client=client, control=control, world=world, url=url)
        account.send("/reset")
        yield account


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "account" in metafunc.fixturenames:
        real = ["stripe"] if os.environ.get("STRIPE_TEST_KEY") else []
        metafunc.parametrize("account", ["sandbox", *real], indirect=True)


@pytest.fixture
def account(request: pytest.FixtureRequest) -> Account:
    if request.param == "sandbox":
        found: Sandbox = request.getfixturevalue("sandbox")
        return found
    key = os.environ["STRIPE_TEST_KEY"]
    return Account(client=stripe.StripeClient(key, max_network_retries=2))
