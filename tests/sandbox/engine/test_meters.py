"""Usage: reported once, added up by a meter, billed when the period is over."""

from __future__ import annotations

from typing import Any

import pytest
import stripe
from tests.sandbox.engine.subscribers import newest_invoice

MINUTE, DAY = 60, 86_400


def test_usage_is_billed_when_the_period_is_over(sandbox: Any) -> None:
    _, subscription = _metered(sandbox, unit_amount_decimal="0.4")
    assert newest_invoice(sandbox, subscription).amount_paid == 0
    sandbox.advance(days=3)
    _report(sandbox, subscription.customer, 1000)
    _report(sandbox, subscription.customer, 234)
    preview = sandbox.v1.invoices.create_preview({"subscription": subscription.id})
    sandbox.advance(days=30)
    renewal = newest_invoice(sandbox, subscription)
    line = renewal.lines.data[0]
    assert (line.quantity, line.amount, renewal.amount_paid) == (1234, 494, 494)
    assert preview.amount_due == 494
    assert line.period.end <= renewal.created
    _report(sandbox, subscription.customer, 10)
    sandbox.advance(days=31)
    assert newest_invoice(sandbox, subscription).amount_paid == 4


def test_the_same_identifier_counts_once(account: Any) -> None:
    meter, subscription = _metered(account)
    _report(account, subscription.customer, 5, identifier=f"evt-{meter.id}")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        _report(account, subscription.customer, 5, identifier=f"evt-{meter.id}")
    assert caught.value.param == "identifier"


def test_after_a_day_an_identifier_may_come_again(sandbox: Any) -> None:
    meter, subscription = _metered(sandbox)
    _report(sandbox, subscription.customer, 5, identifier="daily")
    sandbox.advance(hours=25)
    _report(sandbox, subscription.customer, 5, identifier="daily")
    assert _used(sandbox, meter, subscription.customer, days=2) == [10]


@pytest.mark.parametrize("seconds", [-36 * DAY, 10 * MINUTE])
def test_what_is_too_old_or_in_the_future_is_refused(sandbox: Any, seconds: int) -> None:
    _, subscription = _metered(sandbox)
    at = int(sandbox.read("/clock")["now"]) + seconds
    with pytest.raises(stripe.InvalidRequestError) as caught:
        _report(sandbox, subscription.customer, 5, timestamp=at)
    assert caught.value.param == "timestamp"


def test_usage_of_an_unknown_customer_or_event_is_refused(account: Any) -> None:
    _, subscription = _metered(account)
    with pytest.raises(stripe.InvalidRequestError):
        _report(account, "cus_nobody", 5)
    with pytest.raises(stripe.InvalidRequestError):
        _report(account, subscription.customer, 5, event_name="nothing")


@pytest.mark.parametrize(("formula", "expected"), [("sum", 9), ("count", 3), ("last", 2)])
def test_a_meter_sums_counts_or_takes_the_last(sandbox: Any, formula: str, expected: int) -> None:
    meter, subscription = _metered(sandbox, formula=formula)
    for value in (3, 4, 2):
        sandbox.advance(minutes=1)
        _report(sandbox, subscription.customer, value)
    assert _used(sandbox, meter, subscription.customer, days=1) == [expected]


def test_a_summary_can_be_told_by_the_day(sandbox: Any) -> None:
    meter, subscription = _metered(sandbox)
    _report(sandbox, subscription.customer, 3)
    sandbox.advance(days=1)
    _report(sandbox, subscription.customer, 4)
    by_day = _used(sandbox, meter, subscription.customer, days=2, value_grouping_window="day")
    assert sum(by_day) == 7
    assert len(by_day) == 3


def test_tiers_are_counted_over_all_that_was_used(sandbox: Any) -> None:
    tiers = [
        {"up_to": 1000, "unit_amount_decimal": "0"},
        {"up_to": "inf", "unit_amount_decimal": "1.5"},
    ]
    _, subscription = _metered(
        sandbox, billing_scheme="tiered", tiers_mode="graduated", tiers=tiers
    )
    _report(sandbox, subscription.customer, 1201)
    sandbox.advance(days=32)
    assert newest_invoice(sandbox, subscription).amount_paid == 302


def test_usage_is_billed_at_the_end_as_well(sandbox: Any) -> None:
    _, subscription = _metered(sandbox)
    sandbox.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    _report(sandbox, subscription.customer, 300)
    sandbox.advance(days=32)
    assert newest_invoice(sandbox, subscription).amount_paid == 300


def test_a_meter_is_renamed_and_switched_off(account: Any) -> None:
    meter, subscription = _metered(account)
    meters = account.v1.billing.meters
    assert meters.update(meter.id, {"display_name": "Calls"}).display_name == "Calls"
    assert meters.deactivate(meter.id).status == "inactive"
    with pytest.raises(stripe.InvalidRequestError):
        _report(account, subscription.customer, 5, event_name=meter.event_name)
    assert meters.reactivate(meter.id).status == "active"
    listed = meters.list({"status": "active", "limit": 100}).data
    assert meter.id in [each.id for each in listed]


def _metered(account: Any, *, formula: str = "sum", **price: Any) -> tuple[Any, Any]:
    """A meter, and somebody who pays one cent for each unit of it."""
    name = "api_calls"
    for old in account.v1.billing.meters.list({"status": "active", "limit": 100}).data:
        if old.event_name == name:
            account.v1.billing.meters.deactivate(old.id)
    meter = account.v1.billing.meters.create(
        {
            "display_name": "API calls",
            "event_name": name,
            "default_aggregation": {"formula": formula},
        }
    )
    terms: dict[str, Any] = price or {"unit_amount": 1}
    made = account.v1.prices.create(
        {
            "currency": "usd",
            "product_data": {"name": "API calls"},
            "recurring": {"interval": "month", "usage_type": "metered", "meter": meter.id},
            **terms,
        }
    )
    customer = account.customer()
    subscription = account.v1.subscriptions.create(
        {"customer": customer.id, "items": [{"price": made.id}]}
    )
    return meter, subscription


def _report(
    account: Any, customer: str, value: int, *, event_name: str = "api_calls", **more: Any
) -> Any:
    payload = {"stripe_customer_id": customer, "value": str(value)}
    return account.v1.billing.meter_events.create(
        {"event_name": event_name, "payload": payload, **more}
    )


def _used(sandbox: Any, meter: Any, customer: str, *, days: int, **more: Any) -> list[float]:
    now = int(sandbox.read("/clock")["now"])
    end = now - now % MINUTE + MINUTE
    window = {"start_time": end - days * DAY - MINUTE, "end_time": end, **more}
    summaries = sandbox.v1.billing.meters.event_summaries
    return [s.aggregated_value for s in summaries.list(meter.id, {"customer": customer, **window})]
