"""Payments that take days, as a debit of a bank account does."""

from __future__ import annotations

from typing import Any

import pytest
from tests.sandbox.engine.subscribers import newest_invoice


@pytest.mark.parametrize(
    ("ending", "invoice_status", "subscription_status"),
    [("succeeds", "paid", "active"), ("fails", "open", "past_due")],
)
def test_a_renewal_is_on_its_way_for_three_days(
    sandbox: Any, ending: str, invoice_status: str, subscription_status: str
) -> None:
    customer = sandbox.customer()
    subscription = sandbox.v1.subscriptions.create(
        {"customer": customer.id, "items": [{"price": sandbox.price()}]}
    )
    method = customer.invoice_settings.default_payment_method
    slow = {"metadata": {"sandbox_processing": ending}}
    sandbox.v1.payment_methods.update(method, slow)
    end = subscription["items"].data[0].current_period_end
    sandbox.advance(seconds=end - sandbox.read("/clock")["now"] + 2 * 86_400)
    waiting = newest_invoice(sandbox, subscription)
    assert (waiting.status, waiting.next_payment_attempt) == ("open", None)
    charge = sandbox.v1.charges.list({"customer": customer.id}).data[0]
    assert (charge.status, charge.paid) == ("pending", False)
    assert sandbox.v1.subscriptions.retrieve(subscription.id).status == "active"
    sandbox.advance(days=2)
    ended = newest_invoice(sandbox, subscription)
    assert (ended.status, ended.attempt_count) == (invoice_status, 1)
    assert (ended.next_payment_attempt is None) == (ending == "succeeds")
    assert sandbox.v1.subscriptions.retrieve(subscription.id).status == subscription_status
    same = sandbox.v1.charges.retrieve(charge.id)
    assert same.created == charge.created
    assert same.status == ("succeeded" if ending == "succeeds" else "failed")


def test_what_is_on_its_way_is_not_paid_again(sandbox: Any) -> None:
    customer = sandbox.customer()
    method = customer.invoice_settings.default_payment_method
    slow = {"metadata": {"sandbox_processing": "succeeds"}}
    sandbox.v1.payment_methods.update(method, slow)
    invoice = sandbox.bill(customer.id)
    assert sandbox.v1.invoices.pay(invoice.id).status == "open"
    with pytest.raises(Exception, match="status of processing"):
        sandbox.v1.invoices.pay(invoice.id)
    assert len(sandbox.v1.charges.list({"customer": customer.id}).data) == 1
