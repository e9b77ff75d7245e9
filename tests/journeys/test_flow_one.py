"""Flow 1 over HTTP: from Stripe's event to a paid invoice, with no human touch."""

from typing import Any

import httpx

from tests.journeys.company import Company


def subscriber(running: Company, *, decline: str, name: str = "Northbeck Outfitters") -> Any:
    """A customer whose first month is paid, and whose card then says no."""
    client = running.stripe.v1
    product = client.products.create({"name": "Starter"})
    price = client.prices.create(
        {
            "product": product.id,
            "currency": "usd",
            "unit_amount": 250_000,
            "recurring": {"interval": "month"},
        }
    )
    customer = client.customers.create({"name": name, "email": "pay@northbeck.example"})
    card = client.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    client.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": price.id}],
            "default_payment_method": card.id,
        }
    )
    client.payment_methods.update(card.id, {"metadata": {"sandbox_decline": decline}})
    return customer


def test_a_failed_payment_is_told_and_diagnosed(running: Company) -> None:
    customer = subscriber(running, decline="insufficient_funds")
    running.advance(days=32)
    running.until(
        lambda: running.diagnosis(customer.id)["root_cause"] == "insufficient_funds",
        what="the diagnosis",
    )
    letters = running.until(running.letters, what="the letter")
    assert len(letters) == 1
    print(httpx.get(f"{running.stripe_url}/_sandbox/mail/{letters[0]['id']}").json())
    print(running.diagnosis(customer.id))
