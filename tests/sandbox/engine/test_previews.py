"""What an invoice would be equals, to the cent, what it then is."""

from __future__ import annotations

from typing import Any

import pytest
import stripe
from tests.sandbox.engine.subscribers import (
    first_item,
    go_to,
    newest_invoice,
    pending_amounts,
    subscriber,
    to_the_middle,
)

BEHAVIORS = ("create_prorations", "always_invoice", "none")


@pytest.mark.parametrize("behavior", BEHAVIORS)
@pytest.mark.parametrize("amount", [100, 7_777, 123_457])
def test_a_plan_change_costs_what_was_previewed(sandbox: Any, behavior: str, amount: int) -> None:
    subscription = subscriber(sandbox, amount=3333)
    at = to_the_middle(sandbox, subscription) + 4321
    go_to(sandbox, at + 10)
    change = {
        "items": [{"id": first_item(subscription).id, "price": sandbox.price(amount=amount)}],
        "proration_behavior": behavior,
        "proration_date": at,
    }
    preview = _preview(sandbox, subscription, subscription_details=change)
    assert pending_amounts(sandbox, subscription) == []
    sandbox.v1.subscriptions.update(subscription.id, change)
    if behavior != "always_invoice":
        sandbox.advance(days=17)
    real = newest_invoice(sandbox, subscription)
    assert _figures(real) == _figures(preview)
    assert (real.amount_paid, real.ending_balance) == (preview.amount_due, preview.ending_balance)


def test_without_a_change_it_is_the_renewal(sandbox: Any) -> None:
    subscription = subscriber(sandbox, amount=3000)
    sandbox.v1.invoice_items.create(
        {"customer": subscription.customer, "amount": 250, "currency": "usd"}
    )
    preview = _preview(sandbox, subscription)
    assert (preview.billing_reason, preview.status, preview.number) == ("upcoming", "draft", None)
    assert preview.amount_due == 3250
    sandbox.advance(days=32)
    assert _figures(newest_invoice(sandbox, subscription)) == _figures(preview)


def test_a_preview_leaves_no_trace(sandbox: Any) -> None:
    subscription = subscriber(sandbox, amount=3000)
    before = len(sandbox.events())
    change = {"items": [{"id": first_item(subscription).id, "quantity": 9}]}
    _preview(sandbox, subscription, subscription_details=change)
    assert len(sandbox.events()) == before
    after = sandbox.v1.subscriptions.retrieve(subscription.id)
    assert first_item(after).quantity == 1
    sandbox.advance(days=32)
    assert newest_invoice(sandbox, subscription).amount_paid == 3000


def test_another_interval_is_previewed_as_the_invoice_of_now(sandbox: Any) -> None:
    subscription = subscriber(sandbox, amount=3000)
    at = to_the_middle(sandbox, subscription)
    yearly = sandbox.price(amount=30_000, recurring={"interval": "year"})
    change = {
        "items": [{"id": first_item(subscription).id, "price": yearly}],
        "proration_date": at,
    }
    preview = _preview(sandbox, subscription, subscription_details=change)
    assert preview.amount_due == 28_500
    sandbox.v1.subscriptions.update(subscription.id, change)
    assert newest_invoice(sandbox, subscription).amount_paid == 28_500


def test_a_new_subscription_can_be_previewed(account: Any) -> None:
    customer = account.customer()
    items = [{"price": account.price(amount=4000), "quantity": 2}]
    preview = account.v1.invoices.create_preview(
        {"customer": customer.id, "subscription_details": {"items": items}}
    )
    assert preview.amount_due == 8000
    assert account.v1.subscriptions.list({"customer": customer.id}).data == []


def test_a_further_item_can_be_added_to_a_preview(account: Any) -> None:
    subscription = subscriber(account, amount=3000)
    more = {"amount": 700, "currency": "usd", "description": "Set-up"}
    assert _preview(account, subscription, invoice_items=[more]).amount_due == 3700
    assert _preview(account, subscription).amount_due == 3000


def test_credit_is_counted_in(account: Any) -> None:
    subscription = subscriber(account, amount=3000)
    account.v1.customers.balance_transactions.create(
        subscription.customer, {"amount": -1000, "currency": "usd"}
    )
    preview = _preview(account, subscription)
    assert (preview.total, preview.starting_balance, preview.amount_due) == (3000, -1000, 2000)


def test_what_is_cancelled_has_nothing_upcoming(sandbox: Any) -> None:
    subscription = subscriber(sandbox)
    sandbox.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        _preview(sandbox, subscription)
    assert caught.value.code == "invoice_upcoming_none"


def test_the_notice_of_a_renewal_counts_what_waits(sandbox: Any) -> None:
    subscription = subscriber(sandbox, amount=3000)
    sandbox.v1.invoice_items.create(
        {"customer": subscription.customer, "amount": 90_000, "currency": "usd"}
    )
    sandbox.advance(days=26)
    announced = sandbox.events("invoice.upcoming")[0]["data"]["object"]
    assert announced["amount_due"] == 93_000


def _preview(account: Any, subscription: Any, **more: Any) -> Any:
    return account.v1.invoices.create_preview({"subscription": subscription.id, **more})


def _figures(invoice: Any) -> Any:
    lines = [(line.amount, line.period.start, line.period.end) for line in invoice.lines.data]
    return invoice.total, invoice.starting_balance, lines
