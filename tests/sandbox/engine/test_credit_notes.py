"""Credit notes: off an open invoice, back from a paid one, and never more than there is."""

from __future__ import annotations

from typing import Any

import pytest
import stripe


def test_a_credit_note_lowers_what_an_open_invoice_asks_for(account: Any) -> None:
    customer = account.customer()
    invoice = account.bill(customer.id, amount=2500)
    note = _credit(account, invoice, amount=1000, reason="order_change")
    assert (note.type, note.pre_payment_amount, note.status) == ("pre_payment", 1000, "issued")
    after = account.v1.invoices.retrieve(invoice.id)
    assert (after.amount_due, after.amount_remaining) == (1500, 1500)
    assert after.pre_payment_credit_notes_amount == 1000
    assert account.v1.invoices.pay(invoice.id).amount_paid == 1500
    assert account.v1.charges.list({"customer": customer.id}).data[0].amount == 1500


def test_what_is_credited_whole_is_paid(account: Any) -> None:
    invoice = account.bill(account.customer(card=None).id, amount=2500)
    _credit(account, invoice, amount=2500)
    after = account.v1.invoices.retrieve(invoice.id)
    assert (after.status, after.amount_remaining, after.amount_paid) == ("paid", 0, 0)


def test_a_voided_credit_note_is_owed_again(account: Any) -> None:
    invoice = account.bill(account.customer().id, amount=2500)
    note = _credit(account, invoice, amount=1000)
    assert account.v1.credit_notes.void_credit_note(note.id).status == "void"
    assert account.v1.invoices.retrieve(invoice.id).amount_due == 2500
    with pytest.raises(stripe.InvalidRequestError):
        account.v1.credit_notes.void_credit_note(note.id)


def test_a_paid_invoice_is_given_back_in_three_ways(account: Any) -> None:
    customer, invoice = _paid(account)
    note = _credit(
        account,
        invoice,
        amount=1000,
        refund_amount=500,
        credit_amount=300,
        out_of_band_amount=200,
    )
    assert (note.type, note.post_payment_amount, note.out_of_band_amount) == (
        "post_payment",
        1000,
        200,
    )
    refund = account.v1.refunds.retrieve(note.refunds[0].refund)
    assert (refund.amount, refund.status) == (500, "succeeded")
    assert account.v1.customers.retrieve(customer.id).balance == -300
    moved = account.v1.customers.balance_transactions.retrieve(
        customer.id, note.customer_balance_transaction
    )
    assert (moved.type, moved.credit_note) == ("credit_note", note.id)
    assert account.v1.invoices.retrieve(invoice.id).post_payment_credit_notes_amount == 1000


def test_how_to_give_it_back_must_be_said(account: Any) -> None:
    _, invoice = _paid(account)
    for ways in ({}, {"refund_amount": 400}, {"refund_amount": 900, "credit_amount": 900}):
        with pytest.raises(stripe.InvalidRequestError):
            _credit(account, invoice, amount=1000, **ways)


def test_never_more_than_was_paid(account: Any) -> None:
    _, invoice = _paid(account, amount=2500)
    _credit(account, invoice, amount=2000, credit_amount=2000)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        _credit(account, invoice, amount=501, credit_amount=501)
    assert caught.value.param == "amount"
    _credit(account, invoice, amount=500, refund_amount=500)


def test_a_refund_made_elsewhere_counts_as_given_back(account: Any) -> None:
    customer, invoice = _paid(account, amount=2500)
    refund = _refund(account, customer, 2000)
    with pytest.raises(stripe.InvalidRequestError):
        _credit(account, invoice, amount=1000, credit_amount=1000)
    _credit(account, invoice, amount=500, credit_amount=500)
    assert refund.amount == 2000


def test_a_refund_can_be_told_to_a_credit_note_once(account: Any) -> None:
    customer, invoice = _paid(account, amount=2500)
    refund = _refund(account, customer, 2000)
    told = [{"refund": refund.id, "amount_refunded": 2000}]
    with pytest.raises(stripe.InvalidRequestError):
        _credit(account, invoice, amount=2000, refunds=told)
    assert account.v1.credit_notes.list({"invoice": invoice.id}).data == []


def test_a_preview_changes_nothing(account: Any) -> None:
    customer, invoice = _paid(account)
    wish = {"invoice": invoice.id, "amount": 700, "credit_amount": 700}
    assert account.v1.credit_notes.preview(wish).amount == 700
    lines = account.v1.credit_notes.preview_lines.list(wish).data
    assert [line.amount for line in lines] == [700]
    assert account.v1.credit_notes.list({"customer": customer.id}).data == []
    assert account.v1.customers.retrieve(customer.id).balance == 0


def test_lines_of_the_invoice_are_credited(account: Any) -> None:
    _, invoice = _paid(account, amount=2500)
    line = invoice.lines.data[0]
    about = [
        {"type": "invoice_line_item", "invoice_line_item": line.id, "amount": 600},
        {"type": "custom_line_item", "description": "Sorry", "unit_amount": 50, "quantity": 2},
    ]
    note = _credit(account, invoice, lines=about, credit_amount=700)
    assert [each.amount for each in note.lines.data] == [600, 100]
    listed = account.v1.credit_notes.line_items.list(note.id).data
    assert listed[0].invoice_line_item == line.id
    assert note.number == f"{invoice.number}-CN-01"


def test_a_draft_or_void_invoice_is_not_credited(account: Any) -> None:
    draft = account.v1.invoices.create({"customer": account.customer().id})
    with pytest.raises(stripe.InvalidRequestError):
        _credit(account, draft, amount=100)


def test_the_events_tell_it(sandbox: Any) -> None:
    invoice = sandbox.bill(sandbox.customer().id, amount=2500)
    note = _credit(sandbox, invoice, amount=1000)
    sandbox.v1.credit_notes.void_credit_note(note.id)
    assert len(sandbox.events("credit_note.created", "credit_note.voided")) == 2
    before = sandbox.events("invoice.updated")[-2]["data"]["previous_attributes"]
    assert before["amount_due"] == 2500


def _credit(account: Any, invoice: Any, **wish: Any) -> Any:
    return account.v1.credit_notes.create({"invoice": invoice.id, **wish})


def _paid(account: Any, *, amount: int = 2500) -> tuple[Any, Any]:
    customer = account.customer()
    invoice = account.bill(customer.id, amount=amount)
    return customer, account.v1.invoices.pay(invoice.id)


def _refund(account: Any, customer: Any, amount: int) -> Any:
    charge = account.v1.charges.list({"customer": customer.id}).data[0]
    return account.v1.refunds.create({"charge": charge.id, "amount": amount})
