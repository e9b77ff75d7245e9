"""Changes in mid-period: what is given back, what the rest costs, and when it is billed."""

from __future__ import annotations

from typing import Any

import pytest
import stripe
from tests.sandbox.engine.subscribers import (
    first_item,
    newest_invoice,
    pending_amounts,
    spoil,
    subscriber,
    to_the_middle,
)


def test_an_upgrade_credits_the_unused_half_and_charges_the_other(sandbox: Any) -> None:
    subscription = subscriber(sandbox, amount=3000)
    middle = to_the_middle(sandbox, subscription)
    _change(sandbox, subscription, price=sandbox.price(amount=9000), proration_date=middle)
    assert pending_amounts(sandbox, subscription) == [-1500, 4500]
    waiting = sandbox.v1.invoice_items.list({"customer": subscription.customer}).data
    assert {(item.proration, item.period.start) for item in waiting} == {(True, middle)}
    sandbox.advance(days=17)
    renewal = newest_invoice(sandbox, subscription)
    assert [line.amount for line in renewal.lines.data] == [9000, -1500, 4500]
    assert (renewal.billing_reason, renewal.amount_paid) == ("subscription_cycle", 12_000)
    assert pending_amounts(sandbox, subscription) == []


def test_always_invoice_bills_at_once(sandbox: Any) -> None:
    subscription = subscriber(sandbox, amount=3000)
    middle = to_the_middle(sandbox, subscription)
    _change(
        sandbox,
        subscription,
        quantity=3,
        proration_date=middle,
        proration_behavior="always_invoice",
    )
    invoice = newest_invoice(sandbox, subscription)
    assert (invoice.billing_reason, invoice.status, invoice.amount_paid) == (
        "subscription_update",
        "paid",
        3000,
    )
    details = invoice.lines.data[0].parent.subscription_item_details
    assert (details.proration, details.subscription) == (True, subscription.id)
    sandbox.advance(days=17)
    assert newest_invoice(sandbox, subscription).amount_paid == 9000


def test_a_downgrade_at_once_leaves_a_credit_for_the_next_bill(sandbox: Any) -> None:
    subscription = subscriber(sandbox, amount=9000)
    middle = to_the_middle(sandbox, subscription)
    cheaper = sandbox.price(amount=3000)
    _change(
        sandbox,
        subscription,
        price=cheaper,
        proration_date=middle,
        proration_behavior="always_invoice",
    )
    invoice = newest_invoice(sandbox, subscription)
    assert (invoice.total, invoice.amount_due, invoice.status) == (-3000, 0, "paid")
    assert sandbox.v1.customers.retrieve(subscription.customer).balance == -3000
    sandbox.advance(days=17)
    renewal = newest_invoice(sandbox, subscription)
    assert (renewal.total, renewal.starting_balance, renewal.amount_paid) == (3000, -3000, 0)
    assert sandbox.v1.customers.retrieve(subscription.customer).balance == 0


def test_there_and_back_in_the_same_second_nets_to_zero(sandbox: Any) -> None:
    subscription = subscriber(sandbox, amount=3333)
    middle = to_the_middle(sandbox, subscription) + 11
    first = first_item(subscription).price.id
    _change(sandbox, subscription, price=sandbox.price(amount=7777), proration_date=middle)
    _change(sandbox, subscription, price=first, proration_date=middle)
    amounts = pending_amounts(sandbox, subscription)
    assert len(amounts) == 4
    assert sum(amounts) == 0


def test_a_change_without_proration_is_never_credited_later(sandbox: Any) -> None:
    subscription = subscriber(sandbox, amount=3000)
    middle = to_the_middle(sandbox, subscription)
    dear = sandbox.price(amount=90_000)
    _change(sandbox, subscription, price=dear, proration_behavior="none")
    assert pending_amounts(sandbox, subscription) == []
    _change(sandbox, subscription, price=sandbox.price(amount=1000), proration_date=middle)
    assert pending_amounts(sandbox, subscription) == [-1500, 500]


def test_another_interval_begins_a_new_period_now(sandbox: Any) -> None:
    subscription = subscriber(sandbox, amount=3000)
    middle = to_the_middle(sandbox, subscription)
    yearly = sandbox.price(amount=30_000, recurring={"interval": "year"})
    changed = _change(sandbox, subscription, price=yearly, proration_date=middle)
    invoice = newest_invoice(sandbox, subscription)
    assert sorted(line.amount for line in invoice.lines.data) == [-1500, 30_000]
    assert invoice.amount_paid == 28_500
    item = first_item(changed)
    assert item.current_period_end - item.current_period_start >= 365 * 86_400
    assert changed.billing_cycle_anchor == item.current_period_start


def test_the_anchor_can_be_moved_to_now(sandbox: Any) -> None:
    subscription = subscriber(sandbox, amount=3000)
    middle = to_the_middle(sandbox, subscription)
    sandbox.v1.subscriptions.update(
        subscription.id, {"billing_cycle_anchor": {"type": "now"}, "proration_date": middle}
    )
    assert newest_invoice(sandbox, subscription).amount_paid == 1500
    sandbox.advance(days=32)
    assert newest_invoice(sandbox, subscription).amount_paid == 3000


def test_leaving_the_free_plan_is_billed_at_once(sandbox: Any) -> None:
    subscription = subscriber(sandbox, amount=0)
    to_the_middle(sandbox, subscription)
    _change(sandbox, subscription, price=sandbox.price(amount=3000))
    assert newest_invoice(sandbox, subscription).amount_paid == 3000


def test_a_trial_changes_without_cost(sandbox: Any) -> None:
    subscription = subscriber(sandbox, amount=3000, trial_period_days=14)
    sandbox.advance(days=7)
    _change(sandbox, subscription, price=sandbox.price(amount=9000))
    assert pending_amounts(sandbox, subscription) == []
    sandbox.advance(days=8)
    assert newest_invoice(sandbox, subscription).amount_paid == 9000


def test_a_moment_outside_the_period_is_refused(account: Any) -> None:
    subscription = subscriber(account)
    too_early = first_item(subscription).current_period_start - 1000
    with pytest.raises(stripe.InvalidRequestError) as caught:
        _change(account, subscription, quantity=2, proration_date=too_early)
    assert caught.value.param == "proration_date"


def test_an_upgrade_that_cannot_be_paid_makes_the_subscription_past_due(sandbox: Any) -> None:
    subscription = subscriber(sandbox, amount=3000)
    to_the_middle(sandbox, subscription)
    spoil(sandbox, subscription.customer, "insufficient_funds")
    changed = _change(sandbox, subscription, quantity=5, proration_behavior="always_invoice")
    assert (changed.status, first_item(changed).quantity) == ("past_due", 5)
    invoice = newest_invoice(sandbox, subscription)
    assert invoice.next_payment_attempt is not None
    spoil(sandbox, subscription.customer, "")
    sandbox.v1.invoices.pay(invoice.id)
    assert sandbox.v1.subscriptions.retrieve(subscription.id).status == "active"


def test_an_upgrade_can_be_all_or_nothing(sandbox: Any) -> None:
    subscription = subscriber(sandbox, amount=3000)
    to_the_middle(sandbox, subscription)
    spoil(sandbox, subscription.customer, "insufficient_funds")
    with pytest.raises(stripe.CardError):
        _change(
            sandbox,
            subscription,
            quantity=5,
            proration_behavior="always_invoice",
            payment_behavior="error_if_incomplete",
        )
    after = sandbox.v1.subscriptions.retrieve(subscription.id)
    assert (after.status, first_item(after).quantity) == ("active", 1)
    assert len(sandbox.v1.invoices.list({"customer": subscription.customer}).data) == 1


def test_an_item_is_added_changed_and_removed_alone(account: Any) -> None:
    subscription = subscriber(account, amount=3000)
    items = account.v1.subscription_items
    added = items.create(
        {
            "subscription": subscription.id,
            "price": account.price(amount=500),
            "quantity": 2,
            "proration_behavior": "none",
        }
    )
    assert (added.object, added.quantity, added.subscription) == (
        "subscription_item",
        2,
        subscription.id,
    )
    assert items.update(added.id, {"quantity": 4}).quantity == 4
    assert items.retrieve(added.id).quantity == 4
    listed = items.list({"subscription": subscription.id}).data
    assert {item.id for item in listed} == {added.id, first_item(subscription).id}
    assert items.delete(added.id, {"proration_behavior": "none"}).deleted
    with pytest.raises(stripe.InvalidRequestError):
        items.retrieve(added.id)


def test_the_last_item_cannot_be_removed(account: Any) -> None:
    subscription = subscriber(account)
    with pytest.raises(stripe.InvalidRequestError):
        account.v1.subscription_items.delete(first_item(subscription).id)


def test_a_first_period_until_the_anchor_is_billed_in_part(sandbox: Any) -> None:
    now = int(sandbox.read("/clock")["now"])
    subscription = subscriber(sandbox, amount=31_000, billing_cycle_anchor=now + 10 * 86_400)
    first = newest_invoice(sandbox, subscription)
    assert 9_900 < first.amount_paid < 11_200
    assert first.lines.data[0].parent.subscription_item_details.proration
    sandbox.advance(days=11)
    assert newest_invoice(sandbox, subscription).amount_paid == 31_000


def test_leaving_in_mid_period_can_give_the_rest_back(sandbox: Any) -> None:
    subscription = subscriber(sandbox, amount=3000)
    to_the_middle(sandbox, subscription)
    sandbox.v1.subscriptions.cancel(subscription.id, {"prorate": True, "invoice_now": True})
    last = newest_invoice(sandbox, subscription)
    assert (last.status, last.amount_due) == ("paid", 0)
    assert -1500 <= last.total <= -1499
    assert sandbox.v1.customers.retrieve(subscription.customer).balance == last.total


def test_the_change_tells_what_was_before(sandbox: Any) -> None:
    subscription = subscriber(sandbox)
    _change(sandbox, subscription, quantity=3)
    event = sandbox.events("customer.subscription.updated")[-1]
    former = event["data"]["previous_attributes"]
    assert former["items"]["data"][0]["quantity"] == 1


def _change(account: Any, subscription: Any, **change: Any) -> Any:
    about_item: dict[str, Any] = {
        name: change.pop(name) for name in ("price", "quantity") if name in change
    }
    item = {"id": first_item(subscription).id, **about_item}
    return account.v1.subscriptions.update(subscription.id, {"items": [item], **change})
