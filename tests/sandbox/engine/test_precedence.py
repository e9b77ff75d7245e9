"""Which card is charged: the nearest to the invoice, down to the customer's oldest way."""

from __future__ import annotations

from typing import Any

import pytest
import stripe


def test_the_nearest_card_is_charged(sandbox: Any) -> None:
    customer, subscription, cards = _with_every_card(sandbox)
    sandbox.advance(days=32)
    assert _charged(sandbox, customer) == cards["subscription"]
    sandbox.v1.subscriptions.update(subscription.id, {"default_payment_method": ""})
    sandbox.advance(days=31)
    assert _charged(sandbox, customer) == cards["subscription_source"]
    sandbox.v1.subscriptions.update(subscription.id, {"default_source": ""})
    sandbox.advance(days=31)
    assert _charged(sandbox, customer) == cards["customer"]
    chosen = {"invoice_settings": {"default_payment_method": ""}}
    sandbox.v1.customers.update(customer.id, chosen)
    sandbox.advance(days=31)
    assert _charged(sandbox, customer) == cards["customer_source"]
    sandbox.v1.customers.payment_sources.delete(customer.id, cards["customer_source"])
    assert sandbox.v1.customers.retrieve(customer.id).default_source == cards["subscription_source"]


def test_an_invoices_own_card_comes_first(sandbox: Any) -> None:
    customer, _, cards = _with_every_card(sandbox)
    own = sandbox.v1.payment_methods.attach("pm_card_discover", {"customer": customer.id}).id
    draft = sandbox.v1.invoices.create({"customer": customer.id, "default_payment_method": own})
    sandbox.v1.invoice_items.create(
        {"customer": customer.id, "invoice": draft.id, "amount": 700, "currency": "usd"}
    )
    sandbox.v1.invoices.pay(draft.id)
    assert _charged(sandbox, customer) == own
    assert own not in cards.values()


def test_a_card_that_was_taken_away_is_not_charged(sandbox: Any) -> None:
    customer, _, cards = _with_every_card(sandbox)
    sandbox.v1.payment_methods.detach(cards["subscription"])
    sandbox.advance(days=32)
    failed = sandbox.v1.invoices.list({"customer": customer.id}).data[0]
    assert failed.status == "open"
    with pytest.raises(stripe.InvalidRequestError):
        sandbox.v1.invoices.pay(failed.id)


def test_fixing_the_wrong_field_fixes_nothing(sandbox: Any) -> None:
    customer, subscription, cards = _with_every_card(sandbox)
    spoilt = {"metadata": {"sandbox_decline": "stolen_card"}}
    sandbox.v1.payment_methods.update(cards["subscription"], spoilt)
    sandbox.advance(days=32)
    sandbox.give_card(customer.id, "pm_card_mastercard")
    sandbox.advance(days=5)
    failed = sandbox.v1.invoices.list({"customer": customer.id}).data[0]
    assert (failed.status, len(_failures(sandbox, customer))) == ("open", 1)
    good = sandbox.give_card(customer.id, "pm_card_amex")
    sandbox.v1.subscriptions.update(subscription.id, {"default_payment_method": good})
    sandbox.advance(days=3)
    assert sandbox.v1.invoices.retrieve(failed.id).status == "paid"


def _with_every_card(sandbox: Any) -> tuple[Any, Any, dict[str, str]]:
    customer = sandbox.customer(card=None)
    sources = sandbox.v1.customers.payment_sources
    cards = {
        "customer_source": sources.create(customer.id, {"source": "tok_visa"}).id,
        "subscription_source": sources.create(customer.id, {"source": "tok_mastercard"}).id,
        "customer": sandbox.give_card(customer.id, "pm_card_amex"),
        "subscription": sandbox.v1.payment_methods.attach(
            "pm_card_jcb", {"customer": customer.id}
        ).id,
    }
    subscription = sandbox.v1.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": sandbox.price()}],
            "default_payment_method": cards["subscription"],
            "default_source": cards["subscription_source"],
        }
    )
    return customer, subscription, cards


def _charged(sandbox: Any, customer: Any) -> str:
    return str(sandbox.v1.charges.list({"customer": customer.id}).data[0].payment_method)


def _failures(sandbox: Any, customer: Any) -> list[Any]:
    charges = sandbox.v1.charges.list({"customer": customer.id, "limit": 100}).data
    return [charge for charge in charges if charge.status == "failed"]
