"""Test clocks: some customers live in a time of their own."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

DAY = 86_400


def test_a_customer_on_a_clock_renews_when_the_clock_is_advanced(sandbox: Any) -> None:
    clock, subscription = _on_a_clock(sandbox)
    item = subscription["items"].data[0]
    assert item.current_period_start == clock.frozen_time
    assert subscription.test_clock == clock.id
    advancing = _advance(sandbox, clock, days=32)
    assert advancing.status == "advancing"
    ready = sandbox.v1.test_helpers.test_clocks.retrieve(clock.id)
    assert (ready.status, ready.frozen_time) == ("ready", clock.frozen_time + 32 * DAY)
    renewal = sandbox.v1.invoices.list({"customer": subscription.customer}).data[0]
    assert (renewal.status, renewal.created) == ("paid", item.current_period_end)
    assert renewal.test_clock == clock.id


def test_the_rest_of_the_world_stays_where_it_is(sandbox: Any) -> None:
    clock, _ = _on_a_clock(sandbox)
    other = sandbox.customer()
    plan = sandbox.v1.subscriptions.create(
        {"customer": other.id, "items": [{"price": sandbox.price()}]}
    )
    before = sandbox.read("/clock")["now"]
    _advance(sandbox, clock, days=70)
    assert sandbox.read("/clock")["now"] - before < 60
    assert len(sandbox.v1.invoices.list({"customer": other.id}).data) == 1
    assert sandbox.v1.subscriptions.retrieve(plan.id).test_clock is None


def test_the_worlds_time_moves_nobody_on_a_clock(sandbox: Any) -> None:
    _, subscription = _on_a_clock(sandbox)
    sandbox.advance(days=70)
    assert len(sandbox.v1.invoices.list({"customer": subscription.customer}).data) == 1


def test_dunning_runs_by_the_clock(sandbox: Any) -> None:
    clock, subscription = _on_a_clock(sandbox)
    method = sandbox.v1.customers.retrieve(
        subscription.customer
    ).invoice_settings.default_payment_method
    spoilt = {"metadata": {"sandbox_decline": "insufficient_funds"}}
    sandbox.v1.payment_methods.update(method, spoilt)
    _advance(sandbox, clock, days=36)
    assert sandbox.v1.subscriptions.retrieve(subscription.id).status == "past_due"
    _advance(sandbox, clock, days=50)
    assert sandbox.v1.subscriptions.retrieve(subscription.id).status == "canceled"
    kinds = [event["type"] for event in sandbox.events()]
    assert kinds.count("test_helpers.test_clock.ready") == 2


def test_a_clock_goes_forward_only(account: Any) -> None:
    clock = account.v1.test_helpers.test_clocks.create({"frozen_time": 1_900_000_000})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        _advance(account, clock, days=-1)
    assert caught.value.param == "frozen_time"


def test_a_clock_takes_its_customers_with_it(sandbox: Any) -> None:
    clock, subscription = _on_a_clock(sandbox)
    clocks = sandbox.v1.test_helpers.test_clocks
    assert [each.id for each in clocks.list().data] == [clock.id]
    assert clocks.delete(clock.id).deleted
    assert sandbox.v1.customers.retrieve(subscription.customer).deleted
    with pytest.raises(stripe.InvalidRequestError):
        clocks.retrieve(clock.id)


def _on_a_clock(sandbox: Any) -> tuple[Any, Any]:
    clock = sandbox.v1.test_helpers.test_clocks.create(
        {"frozen_time": 1_900_000_000, "name": "A year of Northbeck"}
    )
    customer = sandbox.customer(test_clock=clock.id)
    subscription = sandbox.v1.subscriptions.create(
        {"customer": customer.id, "items": [{"price": sandbox.price()}]}
    )
    return clock, subscription


def _advance(account: Any, clock: Any, *, days: int) -> Any:
    clocks = account.v1.test_helpers.test_clocks
    now = clocks.retrieve(clock.id).frozen_time
    return clocks.advance(clock.id, {"frozen_time": now + days * DAY})
