"""What holds for Stripe and for the sandbox alike; with STRIPE_TEST_KEY it is run against both."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import stripe


def test_a_customer_keeps_what_was_said_about_it(account: Any) -> None:
    customer = account.customer(card=None, name="Northbeck", metadata={"plan": "starter"})
    account.v1.customers.update(customer.id, {"metadata": {"zone": "eu", "plan": ""}})
    again = account.v1.customers.retrieve(customer.id)
    assert again.name == "Northbeck"
    assert again.metadata.to_dict() == {"zone": "eu"}


def test_a_deleted_customer_says_so(account: Any) -> None:
    customer = account.customer(card=None)
    account.v1.customers.delete(customer.id)
    assert account.v1.customers.retrieve(customer.id).deleted is True


def test_an_object_that_is_not_there_is_a_404(account: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        account.v1.customers.retrieve("cus_nobody")
    assert caught.value.http_status == 404
    assert caught.value.code == "resource_missing"


def test_an_unknown_parameter_is_refused(account: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        account.v1.customers.create({"shoe_size": 44})
    assert caught.value.http_status == 400
    assert caught.value.code == "parameter_unknown"


def test_lists_are_paged_newest_first(account: Any) -> None:
    mail = f"{uuid.uuid4().hex}@pages.example"
    made = [account.customer(card=None, email=mail).id for _ in range(5)]
    first = account.v1.customers.list({"email": mail, "limit": 2})
    assert first.has_more
    assert [c.id for c in first.data] == [made[4], made[3]]
    rest = account.v1.customers.list({"email": mail, "limit": 2, "starting_after": made[3]})
    assert [c.id for c in rest.auto_paging_iter()] == [made[2], made[1], made[0]]
    before = account.v1.customers.list({"email": mail, "limit": 2, "ending_before": made[1]})
    assert [c.id for c in before.data] == [made[3], made[2]]


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedLostCard", "card_declined", "lost_card"),
        ("pm_card_chargeDeclinedStolenCard", "card_declined", "stolen_card"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", None),
        ("pm_card_chargeDeclinedProcessingError", "processing_error", None),
    ],
)
def test_test_cards_are_declined_as_documented(
    account: Any, card: str, code: str, decline_code: str | None
) -> None:
    with pytest.raises(stripe.CardError) as caught:
        account.v1.payment_intents.create(_payment(card))
    error: Any = caught.value.error
    assert (error.code, error.decline_code) == (code, decline_code)
    assert error.payment_intent.status == "requires_payment_method"
    charge = account.v1.charges.retrieve(error.payment_intent.latest_charge)
    assert (charge.status, charge.failure_code, charge.paid) == ("failed", code, False)


def test_a_card_that_is_declined_cannot_be_stored(account: Any) -> None:
    customer = account.customer(card=None)
    with pytest.raises(stripe.CardError):
        account.give_card(customer.id, "pm_card_chargeDeclined")


def test_a_card_may_be_stored_and_fail_only_when_charged(account: Any) -> None:
    customer = account.customer(card="pm_card_chargeCustomerFail")
    invoice = account.bill(customer.id)
    with pytest.raises(stripe.CardError) as caught:
        account.v1.invoices.pay(invoice.id)
    assert caught.value.code == "card_declined"
    assert account.v1.invoices.retrieve(invoice.id).status == "open"


def test_an_update_clears_the_last_error_and_the_charge_keeps_it(account: Any) -> None:
    with pytest.raises(stripe.CardError) as caught:
        account.v1.payment_intents.create(_payment("pm_card_chargeDeclined"))
    failed: Any = caught.value.error
    intent_id = failed.payment_intent.id
    updated = account.v1.payment_intents.update(intent_id, {"metadata": {"seen": "yes"}})
    assert updated.last_payment_error is None
    charge = account.v1.charges.list({"payment_intent": intent_id}).data[0]
    assert charge.outcome.type == "issuer_declined"


def test_an_invoice_is_paid_once(account: Any) -> None:
    customer = account.customer()
    invoice = account.bill(customer.id, amount=1234)
    paid = account.v1.invoices.pay(invoice.id)
    assert (paid.status, paid.amount_paid, paid.amount_remaining) == ("paid", 1234, 0)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        account.v1.invoices.pay(invoice.id)
    assert caught.value.code == "invoice_already_paid"
    charges = account.v1.charges.list({"customer": customer.id}).data
    assert [charge.status for charge in charges] == ["succeeded"]


def test_the_payment_behind_an_invoice_is_found(account: Any) -> None:
    customer = account.customer()
    invoice = account.bill(customer.id)
    account.v1.invoices.pay(invoice.id)
    payments = account.v1.invoice_payments.list(
        {"invoice": invoice.id, "expand": ["data.payment.payment_intent"]}
    )
    payment = payments.data[0]
    assert (payment.status, payment.amount_paid) == ("paid", 2500)
    assert payment.payment.payment_intent.status == "succeeded"


def test_a_voided_invoice_cannot_be_paid(account: Any) -> None:
    invoice = account.bill(account.customer().id)
    assert account.v1.invoices.void_invoice(invoice.id).status == "void"
    with pytest.raises(stripe.InvalidRequestError):
        account.v1.invoices.pay(invoice.id)


def test_refunds_never_exceed_the_charge(account: Any) -> None:
    intent = account.v1.payment_intents.create(_payment("pm_card_visa", amount=1000))
    account.v1.refunds.create({"payment_intent": intent.id, "amount": 700})
    with pytest.raises(stripe.InvalidRequestError):
        account.v1.refunds.create({"payment_intent": intent.id, "amount": 301})
    account.v1.refunds.create({"payment_intent": intent.id})
    charge = account.v1.charges.retrieve(intent.latest_charge)
    assert (charge.amount_refunded, charge.refunded) == (1000, True)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        account.v1.refunds.create({"charge": charge.id})
    assert caught.value.code == "charge_already_refunded"


def test_a_key_does_its_work_once(account: Any) -> None:
    key = {"idempotency_key": str(uuid.uuid4())}
    first = account.v1.payment_intents.create(_payment("pm_card_visa"), key)
    second = account.v1.payment_intents.create(_payment("pm_card_visa"), key)
    assert first.id == second.id
    assert second.last_response.headers["Idempotent-Replayed"] == "true"


def test_a_key_replays_a_decline(account: Any) -> None:
    key = {"idempotency_key": str(uuid.uuid4())}
    seen = []
    for _ in range(2):
        with pytest.raises(stripe.CardError) as caught:
            account.v1.payment_intents.create(_payment("pm_card_chargeDeclined"), key)
        error: Any = caught.value.error
        seen.append(error.payment_intent.id)
    assert seen[0] == seen[1]


def test_a_key_is_good_for_one_request_only(account: Any) -> None:
    key = {"idempotency_key": str(uuid.uuid4())}
    account.v1.payment_intents.create(_payment("pm_card_visa", amount=500), key)
    with pytest.raises(stripe.IdempotencyError):
        account.v1.payment_intents.create(_payment("pm_card_visa", amount=501), key)


def test_a_request_that_could_not_be_read_does_not_use_up_its_key(account: Any) -> None:
    key = {"idempotency_key": str(uuid.uuid4())}
    with pytest.raises(stripe.InvalidRequestError):
        account.v1.customers.create({"shoe_size": 44}, key)
    assert account.v1.customers.create({"name": "Northbeck"}, key).name == "Northbeck"


def test_a_subscription_that_is_paid_is_active(account: Any) -> None:
    customer = account.customer()
    subscription = account.v1.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": account.price(amount=4900), "quantity": 2}],
            "expand": ["latest_invoice"],
        }
    )
    assert subscription.status == "active"
    assert subscription.latest_invoice.amount_paid == 9800
    line = subscription.latest_invoice.lines.data[0]
    assert line.parent.subscription_item_details.subscription == subscription.id
    assert line.period.end == subscription["items"].data[0].current_period_end


def test_a_subscription_whose_first_payment_fails_is_incomplete(account: Any) -> None:
    customer = account.customer(card="pm_card_chargeCustomerFail")
    subscription = account.v1.subscriptions.create(
        {"customer": customer.id, "items": [{"price": account.price()}]}
    )
    assert subscription.status == "incomplete"
    account.give_card(customer.id, "pm_card_visa")
    account.v1.invoices.pay(subscription.latest_invoice)
    assert account.v1.subscriptions.retrieve(subscription.id).status == "active"


def test_nothing_remains_of_a_subscription_that_must_not_be_incomplete(account: Any) -> None:
    customer = account.customer(card="pm_card_chargeCustomerFail")
    with pytest.raises(stripe.CardError):
        account.v1.subscriptions.create(
            {
                "customer": customer.id,
                "items": [{"price": account.price()}],
                "payment_behavior": "error_if_incomplete",
            }
        )
    assert not account.v1.subscriptions.list({"customer": customer.id, "status": "all"}).data


def test_a_bank_that_wants_to_be_asked_stops_an_off_session_payment(account: Any) -> None:
    customer = account.customer(card="pm_card_authenticationRequired")
    method = customer.invoice_settings.default_payment_method
    with pytest.raises(stripe.CardError) as caught:
        account.v1.payment_intents.create(_payment(method, customer=customer.id, off_session=True))
    assert caught.value.code == "authentication_required"


def test_a_trial_costs_nothing_yet(account: Any) -> None:
    customer = account.customer()
    subscription = account.v1.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": account.price()}],
            "trial_period_days": 14,
            "expand": ["latest_invoice"],
        }
    )
    assert subscription.status == "trialing"
    assert (subscription.latest_invoice.total, subscription.latest_invoice.status) == (0, "paid")


def test_a_checkout_page_can_be_closed(account: Any) -> None:
    session = account.v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "success_url": "https://tai.example/done?session={CHECKOUT_SESSION_ID}",
            "line_items": [{"price": account.price(), "quantity": 1}],
            "after_expiration": {"recovery": {"enabled": True}},
        }
    )
    assert (session.status, session.payment_status) == ("open", "unpaid")
    expired = account.v1.checkout.sessions.expire(session.id)
    assert expired.status == "expired"
    with pytest.raises(stripe.InvalidRequestError):
        account.v1.checkout.sessions.expire(session.id)


@pytest.mark.parametrize(("currency", "amount"), [("jpy", 5000), ("kwd", 5000), ("eur", 5000)])
def test_amounts_are_in_the_minor_unit_of_any_currency(
    account: Any, currency: str, amount: int
) -> None:
    intent = account.v1.payment_intents.create(
        _payment("pm_card_visa", amount=amount, currency=currency)
    )
    assert (intent.amount_received, intent.currency) == (amount, currency)


def _payment(card: str, *, amount: int = 1000, currency: str = "usd", **more: Any) -> Any:
    off = {"enabled": True, "allow_redirects": "never"}
    return {
        "amount": amount,
        "currency": currency,
        "payment_method": card,
        "confirm": True,
        "automatic_payment_methods": off,
        **more,
    }
