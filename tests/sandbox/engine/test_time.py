"""Renewal, dunning and expiry, driven by the sandbox's clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe


def test_a_month_later_the_subscription_renews_and_is_paid(sandbox: Any) -> None:
    customer, subscription = _subscriber(sandbox)
    first_end = subscription["items"].data[0].current_period_end
    sandbox.advance(days=32)
    renewed = sandbox.v1.subscriptions.retrieve(subscription.id)
    assert renewed["items"].data[0].current_period_start == first_end
    invoices = sandbox.v1.invoices.list({"customer": customer.id}).data
    assert [invoice.billing_reason for invoice in invoices] == [
        "subscription_cycle",
        "subscription_create",
    ]
    assert [invoice.status for invoice in invoices] == ["paid", "paid"]
    assert invoices[0].created == first_end
    assert invoices[0].status_transitions.finalized_at == first_end + 3600


def test_a_renewal_stays_a_draft_for_an_hour(sandbox: Any) -> None:
    customer, subscription = _subscriber(sandbox)
    end = subscription["items"].data[0].current_period_end
    sandbox.advance(seconds=end - sandbox.read("/clock")["now"] + 60)
    draft = sandbox.v1.invoices.list({"customer": customer.id}).data[0]
    assert (draft.status, draft.number, draft.hosted_invoice_url) == ("draft", None, None)
    assert draft.automatically_finalizes_at == end + 3600
    assert sandbox.read("/clock")["next"]["what"] == "finalize"


def test_the_31st_comes_back_after_february(sandbox: Any) -> None:
    now = datetime.fromtimestamp(sandbox.read("/clock")["now"], tz=UTC)
    anchor = datetime(now.year + 1, 1, 31, 12, tzinfo=UTC)
    sandbox.send("/clock", {"advance_seconds": anchor.timestamp() - now.timestamp()})
    _, subscription = _subscriber(sandbox)
    ends = []
    for _ in range(3):
        end = sandbox.v1.subscriptions.retrieve(subscription.id)["items"].data[0].current_period_end
        ends.append(datetime.fromtimestamp(end, tz=UTC).strftime("%m-%d"))
        sandbox.send("/clock", {"advance_seconds": end - sandbox.read("/clock")["now"] + 60})
    assert ends[0] in {"02-28", "02-29"}
    assert ends[1:] == ["03-31", "04-30"]


def test_stripe_tries_eight_times_in_two_weeks_and_then_cancels(sandbox: Any) -> None:
    customer, subscription = _subscriber(sandbox)
    _spoil(sandbox, customer, "insufficient_funds")
    sandbox.advance(days=32)
    failed = sandbox.v1.invoices.list({"customer": customer.id}).data[0]
    assert sandbox.v1.subscriptions.retrieve(subscription.id).status == "past_due"
    assert sandbox.v1.customers.retrieve(customer.id).delinquent
    sandbox.advance(days=13)
    last = sandbox.v1.invoices.retrieve(failed.id)
    assert (last.status, last.attempt_count, last.next_payment_attempt) == ("open", 9, None)
    ended = sandbox.v1.subscriptions.retrieve(subscription.id)
    assert (ended.status, ended.cancellation_details.reason) == ("canceled", "payment_failed")
    charges = sandbox.v1.charges.list({"customer": customer.id, "limit": 100}).data
    assert [charge.status for charge in charges].count("failed") == 9


@pytest.mark.parametrize("setting", ["unpaid", "past_due"])
def test_the_account_may_keep_the_subscription_instead(sandbox: Any, setting: str) -> None:
    sandbox.send("/settings", {"after_last_retry": setting})
    customer, subscription = _subscriber(sandbox)
    _spoil(sandbox, customer, "insufficient_funds")
    sandbox.advance(days=50)
    assert sandbox.v1.subscriptions.retrieve(subscription.id).status == setting
    sandbox.advance(days=20)
    newest = sandbox.v1.invoices.list({"customer": customer.id}).data[0]
    assert newest.status == ("draft" if setting == "unpaid" else "open")
    _mend(sandbox, customer)
    sandbox.v1.invoices.pay(newest.id)
    assert sandbox.v1.subscriptions.retrieve(subscription.id).status == "active"


def test_after_a_hard_decline_dates_pass_without_a_charge(sandbox: Any) -> None:
    customer, _ = _subscriber(sandbox)
    _spoil(sandbox, customer, "stolen_card")
    sandbox.advance(days=36)
    invoice = sandbox.v1.invoices.list({"customer": customer.id}).data[0]
    assert invoice.attempt_count >= 3
    failed = [c for c in _charges(sandbox, customer) if c.status == "failed"]
    assert len(failed) == 1
    sandbox.give_card(customer.id, "pm_card_mastercard")
    sandbox.advance(days=3)
    assert sandbox.v1.invoices.retrieve(invoice.id).status == "paid"


def test_a_manual_try_moves_no_date(sandbox: Any) -> None:
    customer, _ = _subscriber(sandbox)
    _spoil(sandbox, customer, "insufficient_funds")
    sandbox.advance(days=32)
    before = sandbox.v1.invoices.list({"customer": customer.id}).data[0]
    with pytest.raises(stripe.CardError) as caught:
        sandbox.v1.invoices.pay(before.id)
    error: Any = caught.value.error
    assert (error.decline_code, error.advice_code) == ("insufficient_funds", "try_again_later")
    after = sandbox.v1.invoices.retrieve(before.id)
    assert after.attempt_count == before.attempt_count
    assert after.next_payment_attempt == before.next_payment_attempt


def test_paying_the_newest_invoice_revives_the_subscription(sandbox: Any) -> None:
    customer, subscription = _subscriber(sandbox)
    _spoil(sandbox, customer, "insufficient_funds")
    sandbox.advance(days=32)
    _mend(sandbox, customer)
    invoice = sandbox.v1.invoices.list({"customer": customer.id}).data[0]
    sandbox.v1.invoices.pay(invoice.id)
    assert sandbox.v1.subscriptions.retrieve(subscription.id).status == "active"
    assert not sandbox.v1.customers.retrieve(customer.id).delinquent


def test_the_subscriptions_own_card_comes_before_the_customers(sandbox: Any) -> None:
    customer, subscription = _subscriber(sandbox)
    bad = sandbox.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer.id})
    sandbox.v1.subscriptions.update(subscription.id, {"default_payment_method": bad.id})
    sandbox.advance(days=32)
    invoice = sandbox.v1.invoices.list({"customer": customer.id}).data[0]
    assert invoice.status == "open"
    sandbox.give_card(customer.id, "pm_card_mastercard")
    with pytest.raises(stripe.CardError):
        sandbox.v1.invoices.pay(invoice.id)
    sandbox.v1.subscriptions.update(subscription.id, {"default_payment_method": ""})
    assert sandbox.v1.invoices.pay(invoice.id).status == "paid"


def test_an_old_card_is_charged_when_there_is_nothing_newer(sandbox: Any) -> None:
    customer = sandbox.customer(card=None)
    sources = sandbox.v1.customers.payment_sources
    first = sources.create(customer.id, {"source": "tok_visa"})
    second = sources.create(customer.id, {"source": "tok_mastercard"})
    owner = sandbox.v1.customers.retrieve(customer.id, {"expand": ["default_source", "sources"]})
    assert (owner.default_source.id, owner.default_source.brand) == (first.id, "Visa")
    assert [card.id for card in owner.sources.data] == [second.id, first.id]
    subscription = sandbox.v1.subscriptions.create(
        {"customer": customer.id, "items": [{"price": sandbox.price()}]}
    )
    assert (subscription.status, _charges(sandbox, customer)[0].payment_method) == (
        "active",
        first.id,
    )
    newer = sandbox.give_card(customer.id, "pm_card_amex")
    sandbox.advance(days=32)
    assert _charges(sandbox, customer)[0].payment_method == newer
    sources.delete(customer.id, first.id)
    assert sandbox.v1.customers.retrieve(customer.id).default_source == second.id


def test_a_renewal_that_needs_the_customer_says_so(sandbox: Any) -> None:
    customer, _ = _subscriber(sandbox)
    sandbox.give_card(customer.id, "pm_card_authenticationRequired")
    sandbox.advance(days=32)
    invoice = sandbox.v1.invoices.list({"customer": customer.id}).data[0]
    asked = sandbox.events("invoice.payment_action_required")
    assert [event["data"]["object"]["id"] for event in asked] == [invoice.id]
    with pytest.raises(stripe.CardError) as caught:
        sandbox.v1.invoices.pay(invoice.id)
    assert caught.value.code == "invoice_payment_intent_requires_action"


def test_an_unpaid_beginning_expires_after_23_hours(sandbox: Any) -> None:
    customer = sandbox.customer(card="pm_card_chargeCustomerFail")
    subscription = sandbox.v1.subscriptions.create(
        {"customer": customer.id, "items": [{"price": sandbox.price()}]}
    )
    sandbox.advance(hours=22)
    assert sandbox.v1.subscriptions.retrieve(subscription.id).status == "incomplete"
    sandbox.advance(hours=2)
    assert sandbox.v1.subscriptions.retrieve(subscription.id).status == "incomplete_expired"
    assert sandbox.v1.invoices.retrieve(subscription.latest_invoice).status == "void"


def test_a_trial_ends_with_notice_and_an_invoice(sandbox: Any) -> None:
    customer = sandbox.customer()
    subscription = sandbox.v1.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": sandbox.price()}],
            "trial_period_days": 14,
        }
    )
    sandbox.advance(days=12)
    assert len(sandbox.events("customer.subscription.trial_will_end")) == 1
    sandbox.advance(days=3)
    assert sandbox.v1.subscriptions.retrieve(subscription.id).status == "active"
    assert sandbox.v1.invoices.list({"customer": customer.id}).data[0].amount_paid == 2500


def test_a_trial_without_a_card_can_pause_and_go_on(sandbox: Any) -> None:
    customer = sandbox.customer(card=None)
    subscription = sandbox.v1.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": sandbox.price()}],
            "trial_period_days": 14,
            "trial_settings": {"end_behavior": {"missing_payment_method": "pause"}},
        }
    )
    sandbox.advance(days=15)
    assert sandbox.v1.subscriptions.retrieve(subscription.id).status == "paused"
    sandbox.give_card(customer.id, "pm_card_visa")
    assert sandbox.v1.subscriptions.resume(subscription.id).status == "active"


def test_a_subscription_ends_with_its_period_when_asked_to(sandbox: Any) -> None:
    customer, subscription = _subscriber(sandbox)
    sandbox.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    sandbox.advance(days=32)
    assert sandbox.v1.subscriptions.retrieve(subscription.id).status == "canceled"
    assert len(sandbox.v1.invoices.list({"customer": customer.id}).data) == 1


@pytest.mark.parametrize(
    ("behavior", "status"),
    [("void", "void"), ("mark_uncollectible", "uncollectible"), ("keep_as_draft", "draft")],
)
def test_while_collection_is_paused_nothing_is_charged(
    sandbox: Any, behavior: str, status: str
) -> None:
    customer, subscription = _subscriber(sandbox)
    pause = {"behavior": behavior}
    sandbox.v1.subscriptions.update(subscription.id, {"pause_collection": pause})
    sandbox.advance(days=32)
    assert sandbox.v1.invoices.list({"customer": customer.id}).data[0].status == status
    assert len(_charges(sandbox, customer)) == 1
    assert sandbox.v1.subscriptions.retrieve(subscription.id).status == "active"
    sandbox.v1.subscriptions.update(subscription.id, {"pause_collection": ""})
    sandbox.advance(days=31)
    assert len(_charges(sandbox, customer)) == 2


def test_another_price_and_quantity_count_from_the_next_period(sandbox: Any) -> None:
    customer, subscription = _subscriber(sandbox)
    item = subscription["items"].data[0].id
    change = {"id": item, "price": sandbox.price(amount=9900), "quantity": 3}
    sandbox.v1.subscriptions.update(
        subscription.id, {"items": [change], "proration_behavior": "none"}
    )
    sandbox.advance(days=32)
    assert sandbox.v1.invoices.list({"customer": customer.id}).data[0].amount_paid == 29_700


def test_a_bill_becomes_overdue(sandbox: Any) -> None:
    customer = sandbox.customer(card=None)
    subscription = sandbox.v1.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": sandbox.price()}],
            "collection_method": "send_invoice",
            "days_until_due": 14,
        }
    )
    sandbox.advance(hours=2)
    invoice = sandbox.v1.invoices.retrieve(subscription.latest_invoice)
    assert (invoice.status, invoice.amount_remaining) == ("open", 2500)
    sandbox.advance(days=15)
    assert sandbox.v1.subscriptions.retrieve(subscription.id).status == "past_due"
    assert len(sandbox.events("invoice.overdue")) == 1


def test_a_card_fails_when_its_date_is_past(sandbox: Any) -> None:
    customer, _ = _subscriber(sandbox)
    method = sandbox.v1.customers.retrieve(customer.id).invoice_settings.default_payment_method
    now = datetime.fromtimestamp(sandbox.read("/clock")["now"], tz=UTC)
    sandbox.v1.payment_methods.update(
        method, {"card": {"exp_month": now.month, "exp_year": now.year}}
    )
    sandbox.advance(days=32)
    failed = _charges(sandbox, customer)[0]
    assert (failed.failure_code, failed.outcome.advice_code) == (
        "expired_card",
        "confirm_card_data",
    )


def test_two_runs_over_the_same_time_do_the_same(sandbox: Any) -> None:
    customer, _ = _subscriber(sandbox)
    for _ in range(64):
        sandbox.advance(days=1)
    assert [c.status for c in _charges(sandbox, customer)] == ["succeeded"] * 3


def _subscriber(sandbox: Any) -> tuple[Any, Any]:
    customer = sandbox.customer()
    subscription = sandbox.v1.subscriptions.create(
        {"customer": customer.id, "items": [{"price": sandbox.price()}]}
    )
    return customer, subscription


def _spoil(sandbox: Any, customer: Any, code: str) -> None:
    method = sandbox.v1.customers.retrieve(customer.id).invoice_settings.default_payment_method
    sandbox.v1.payment_methods.update(method, {"metadata": {"sandbox_decline": code}})


def _mend(sandbox: Any, customer: Any) -> None:
    _spoil(sandbox, customer, "")


def _charges(sandbox: Any, customer: Any) -> list[Any]:
    return list(sandbox.v1.charges.list({"customer": customer.id, "limit": 100}).data)
