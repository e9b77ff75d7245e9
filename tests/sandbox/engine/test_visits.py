"""What people do on the hosted pages, and what the API says afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from tests.sandbox.engine import visits
from tests.sandbox.engine.visits import CardDeclinedError, CardEntry

from prunella_sandbox.errors import (
    CardRefusedError,
    InvalidRequestError,
    LinkExpiredError,
    NotFoundError,
)

GOOD = CardEntry(number="4242 4242 4242 4242")
POOR = CardEntry(number="4000000000009995")
ASKING = CardEntry(number="4000002760003184")
SUCCESS = "https://tai.example/done?session={CHECKOUT_SESSION_ID}"
RECOVERY = {"recovery": {"enabled": True}}


def _token(url: str) -> str:
    return url.rsplit("/", maxsplit=1)[1]


def test_a_bill_is_paid_through_its_link(sandbox: Any) -> None:
    invoice = sandbox.bill(sandbox.customer(card=None).id)
    link = _token(invoice.hosted_invoice_url)
    with pytest.raises(CardDeclinedError) as caught:
        visits.pay_hosted_invoice(sandbox.world, link, card=POOR)
    assert caught.value.extra["decline_code"] == "insufficient_funds"
    assert visits.pay_hosted_invoice(sandbox.world, link, card=GOOD).obj["status"] == "paid"
    with pytest.raises(InvalidRequestError):
        visits.pay_hosted_invoice(sandbox.world, link, card=GOOD)
    charges = sandbox.v1.charges.list().data
    assert [charge.status for charge in charges] == ["succeeded", "failed"]


def test_every_look_at_a_bill_gives_a_fresh_link(sandbox: Any) -> None:
    invoice = sandbox.bill(sandbox.customer(card=None).id)
    again = sandbox.v1.invoices.retrieve(invoice.id)
    assert again.hosted_invoice_url != invoice.hosted_invoice_url
    for url in (invoice.hosted_invoice_url, again.hosted_invoice_url):
        with pytest.raises(CardDeclinedError):
            visits.pay_hosted_invoice(sandbox.world, _token(url), card=POOR)


def test_a_link_expires_and_a_new_look_renews_it(sandbox: Any) -> None:
    invoice = sandbox.bill(sandbox.customer(card=None).id)
    sandbox.advance(days=31)
    with pytest.raises(LinkExpiredError):
        visits.pay_hosted_invoice(sandbox.world, _token(invoice.hosted_invoice_url), card=GOOD)
    fresh = sandbox.v1.invoices.retrieve(invoice.id).hosted_invoice_url
    sandbox.advance(days=9)
    paid = visits.pay_hosted_invoice(sandbox.world, _token(fresh), card=GOOD)
    assert paid.obj["status"] == "paid"


@pytest.mark.parametrize("token", ["", "nonsense", "aW5fMS4xLng", "a" * 500])
def test_a_link_that_was_made_up_opens_nothing(sandbox: Any, token: str) -> None:
    with pytest.raises(NotFoundError):
        visits.pay_hosted_invoice(sandbox.world, token, card=GOOD)


def test_the_bank_is_asked_and_says_yes(sandbox: Any) -> None:
    invoice = sandbox.bill(sandbox.customer(card=None).id)
    link = _token(invoice.hosted_invoice_url)
    visit = visits.pay_hosted_invoice(sandbox.world, link, card=ASKING)
    assert visit.next_url
    intent = _intent(sandbox, invoice.id)
    assert intent.status == "requires_action"
    assert intent.next_action.redirect_to_url.url == visit.next_url
    visits.authenticate(sandbox.world, intent.id, ok=True)
    assert sandbox.v1.invoices.retrieve(invoice.id).status == "paid"
    assert [c.status for c in sandbox.v1.charges.list().data] == ["succeeded"]


def test_the_bank_is_asked_and_says_no(sandbox: Any) -> None:
    invoice = sandbox.bill(sandbox.customer(card=None).id)
    link = _token(invoice.hosted_invoice_url)
    visits.pay_hosted_invoice(sandbox.world, link, card=ASKING)
    visits.authenticate(sandbox.world, _intent(sandbox, invoice.id).id, ok=False)
    intent = _intent(sandbox, invoice.id)
    assert intent.status == "requires_payment_method"
    assert intent.last_payment_error.code == "payment_intent_authentication_failure"
    assert visits.pay_hosted_invoice(sandbox.world, link, card=GOOD).obj["status"] == "paid"
    with pytest.raises(InvalidRequestError):
        visits.authenticate(sandbox.world, intent.id, ok=True)


def test_a_renewal_that_waited_for_the_bank_is_confirmed(sandbox: Any) -> None:
    customer = sandbox.customer()
    subscription = sandbox.v1.subscriptions.create(
        {"customer": customer.id, "items": [{"price": sandbox.price()}]}
    )
    sandbox.give_card(customer.id, "pm_card_authenticationRequired")
    sandbox.advance(days=32)
    renewed = sandbox.v1.subscriptions.retrieve(subscription.id)
    assert renewed.status == "past_due"
    visits.authenticate(sandbox.world, _intent(sandbox, renewed.latest_invoice).id, ok=True)
    assert sandbox.v1.subscriptions.retrieve(subscription.id).status == "active"


def test_a_card_that_was_set_up_passes_without_the_customer(sandbox: Any) -> None:
    customer = sandbox.customer(card=None)
    setup = sandbox.v1.setup_intents.create(
        {
            "customer": customer.id,
            "payment_method": "pm_card_authenticationRequiredOnSetup",
            "confirm": True,
            "return_url": "https://tai.example/back",
            "automatic_payment_methods": {"enabled": True},
        }
    )
    assert setup.status == "requires_action"
    done = visits.authenticate(sandbox.world, setup.id, ok=True)
    assert (done.obj["status"], done.next_url) == ("succeeded", "https://tai.example/back")
    intent = sandbox.v1.payment_intents.create(
        {
            "amount": 900,
            "currency": "usd",
            "customer": customer.id,
            "payment_method": setup.payment_method,
            "off_session": True,
            "confirm": True,
        }
    )
    assert intent.status == "succeeded"


def test_checkout_of_a_payment(sandbox: Any) -> None:
    session = _payment_session(sandbox)
    with pytest.raises(CardDeclinedError):
        visits.complete_checkout(sandbox.world, session.id, card=POOR)
    assert sandbox.v1.checkout.sessions.retrieve(session.id).status == "open"
    visit = visits.complete_checkout(
        sandbox.world, session.id, card=GOOD, email="pay@northbeck.example"
    )
    assert visit.next_url == f"https://tai.example/done?session={session.id}"
    done = sandbox.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (done.status, done.payment_status) == ("complete", "paid")
    assert done.payment_intent.amount_received == done.amount_total == 1000
    assert done.customer_details.email == "pay@northbeck.example"
    with pytest.raises(InvalidRequestError):
        visits.complete_checkout(sandbox.world, session.id, card=GOOD)
    assert len(sandbox.events("checkout.session.completed")) == 1


@pytest.mark.parametrize("card", [GOOD, ASKING])
def test_checkout_of_a_subscription(sandbox: Any, card: CardEntry) -> None:
    session = sandbox.v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "success_url": SUCCESS,
            "line_items": [{"price": sandbox.price(), "quantity": 2}],
            "customer_email": "pay@northbeck.example",
        }
    )
    visit = visits.complete_checkout(sandbox.world, session.id, card=card)
    if card is ASKING:
        open_session = sandbox.v1.checkout.sessions.retrieve(session.id)
        intent = _intent(sandbox, open_session.invoice)
        visit = visits.authenticate(sandbox.world, intent.id, ok=True)
    assert visit.next_url == f"https://tai.example/done?session={session.id}"
    done = sandbox.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription"]})
    assert (done.status, done.subscription.status) == ("complete", "active")
    assert sandbox.v1.customers.retrieve(done.customer).email == "pay@northbeck.example"
    sandbox.advance(days=32)
    assert sandbox.v1.subscriptions.retrieve(done.subscription.id).status == (
        "active" if card is GOOD else "past_due"
    )


def test_checkout_only_to_store_a_card(sandbox: Any) -> None:
    customer = sandbox.customer(card=None)
    session = sandbox.v1.checkout.sessions.create(
        {"mode": "setup", "currency": "usd", "customer": customer.id, "success_url": SUCCESS}
    )
    visits.complete_checkout(sandbox.world, session.id, card=GOOD)
    done = sandbox.v1.checkout.sessions.retrieve(session.id, {"expand": ["setup_intent"]})
    assert (done.status, done.payment_status) == ("complete", "no_payment_required")
    stored = sandbox.v1.customers.payment_methods.list(customer.id).data
    assert [method.id for method in stored] == [done.setup_intent.payment_method]


def test_a_checkout_page_expires_after_a_day_and_is_recovered(sandbox: Any) -> None:
    session = _payment_session(sandbox)
    sandbox.advance(hours=25)
    expired = sandbox.v1.checkout.sessions.retrieve(session.id)
    assert (expired.status, expired.url) == ("expired", None)
    with pytest.raises(LinkExpiredError):
        visits.complete_checkout(sandbox.world, session.id, card=GOOD)
    recovery = _token(expired.after_expiration.recovery.url)
    copy = visits.recover_checkout(sandbox.world, recovery)
    assert copy.next_url == copy.obj["url"]
    assert copy.obj["recovered_from"] == session.id
    visits.complete_checkout(sandbox.world, copy.obj["id"], card=GOOD)
    assert [c.amount for c in sandbox.v1.charges.list().data] == [1000]
    sandbox.advance(days=31)
    with pytest.raises(LinkExpiredError):
        visits.recover_checkout(sandbox.world, recovery)


def test_the_portal_changes_the_customers_card_and_only_that(sandbox: Any) -> None:
    customer = sandbox.customer()
    own = sandbox.v1.payment_methods.attach("pm_card_mastercard", {"customer": customer.id})
    subscription = sandbox.v1.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": sandbox.price()}],
            "default_payment_method": own.id,
        }
    )
    session = sandbox.v1.billing_portal.sessions.create(
        {
            "customer": customer.id,
            "return_url": "https://tai.example",
            "flow_data": {
                "type": "payment_method_update",
                "after_completion": {
                    "type": "redirect",
                    "redirect": {"return_url": "https://tai.example/thanks"},
                },
            },
        }
    )
    token = _token(session.url)
    with pytest.raises(CardRefusedError):
        visits.portal_update_card(sandbox.world, token, card=POOR)
    visit = visits.portal_update_card(sandbox.world, token, card=GOOD)
    assert visit.next_url == "https://tai.example/thanks"
    after = sandbox.v1.customers.retrieve(customer.id)
    assert after.invoice_settings.default_payment_method == visit.obj["id"]
    kept = sandbox.v1.subscriptions.retrieve(subscription.id)
    assert kept.default_payment_method == own.id
    sandbox.advance(hours=2)
    with pytest.raises(LinkExpiredError):
        visits.portal_session(sandbox.world, token)


@pytest.mark.parametrize(
    ("card", "code"),
    [
        (CardEntry(number="1234"), "incorrect_number"),
        (CardEntry(number="4242424242424242", exp_year=2001), "invalid_expiry_year"),
        (CardEntry(number="4242424242424242", exp_month=13), "invalid_expiry_month"),
    ],
)
def test_a_card_that_cannot_be_read_is_refused(sandbox: Any, card: CardEntry, code: str) -> None:
    session = _payment_session(sandbox)
    with pytest.raises(CardRefusedError) as caught:
        visits.complete_checkout(sandbox.world, session.id, card=card)
    assert caught.value.code == code


def test_a_disputed_charge_cannot_be_refunded(sandbox: Any) -> None:
    intent = sandbox.v1.payment_intents.create(
        {"amount": 700, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True}
    )
    dispute = sandbox.send("/disputes", {"charge": intent.latest_charge})
    assert sandbox.v1.disputes.retrieve(dispute["id"]).is_charge_refundable is False
    assert sandbox.v1.charges.retrieve(intent.latest_charge).disputed
    answer = sandbox.control.post(
        "/v1/refunds",
        data={"charge": intent.latest_charge},
        headers={"Authorization": "Bearer sk_test_x"},
    )
    assert answer.json()["error"]["code"] == "charge_disputed"


def test_refunds_may_take_their_time_or_fail(sandbox: Any) -> None:
    def refunded(card: str) -> Any:
        intent = sandbox.v1.payment_intents.create(
            {"amount": 700, "currency": "usd", "payment_method": card, "confirm": True}
        )
        return sandbox.v1.refunds.create({"payment_intent": intent.id})

    slow, doomed = refunded("pm_card_pendingRefund"), refunded("pm_card_refundFail")
    assert (slow.status, doomed.status) == ("pending", "succeeded")
    sandbox.advance(hours=2)
    assert sandbox.v1.refunds.retrieve(slow.id).status == "succeeded"
    assert sandbox.v1.refunds.retrieve(doomed.id).status == "failed"
    assert sandbox.v1.charges.retrieve(doomed.charge).amount_refunded == 0
    assert len(sandbox.events("refund.failed")) == 1


def _payment_session(sandbox: Any) -> Any:
    product = {"name": "Onboarding"}
    return sandbox.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "success_url": SUCCESS,
            "line_items": [
                {
                    "price_data": {"currency": "usd", "unit_amount": 500, "product_data": product},
                    "quantity": 2,
                }
            ],
            "after_expiration": RECOVERY,
        }
    )


def _intent(sandbox: Any, invoice: str) -> Any:
    payments = sandbox.v1.invoice_payments.list(
        {"invoice": invoice, "expand": ["data.payment.payment_intent"]}
    )
    return payments.data[0].payment.payment_intent
