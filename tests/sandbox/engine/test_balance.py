"""The customer's balance: credit that the next invoice takes up, and gives back when void."""

from __future__ import annotations

from typing import Any

import pytest
import stripe


def test_credit_pays_part_of_the_next_invoice(account: Any) -> None:
    customer = account.customer()
    _move(account, customer, -1000)
    invoice = account.bill(customer.id, amount=2500)
    assert (invoice.starting_balance, invoice.ending_balance, invoice.amount_due) == (
        -1000,
        0,
        1500,
    )
    assert account.v1.invoices.pay(invoice.id).amount_paid == 1500
    newest = _moves(account, customer)[0]
    assert (newest.type, newest.amount, newest.invoice) == ("applied_to_invoice", 1000, invoice.id)
    assert newest.ending_balance == 0


def test_more_credit_than_the_invoice_pays_it_and_stays(account: Any) -> None:
    customer = account.customer(card=None)
    _move(account, customer, -5000)
    invoice = account.bill(customer.id, amount=2000)
    assert (invoice.status, invoice.amount_due, invoice.ending_balance) == ("paid", 0, -3000)
    assert account.v1.customers.retrieve(customer.id).balance == -3000
    assert account.v1.charges.list({"customer": customer.id}).data == []


def test_a_debt_comes_on_top(account: Any) -> None:
    customer = account.customer()
    _move(account, customer, 700)
    invoice = account.bill(customer.id, amount=2000)
    assert (invoice.amount_due, invoice.total, invoice.ending_balance) == (2700, 2000, 0)


def test_a_voided_invoice_gives_the_credit_back(account: Any) -> None:
    customer = account.customer()
    _move(account, customer, -1000)
    invoice = account.bill(customer.id, amount=2500)
    account.v1.invoices.void_invoice(invoice.id)
    assert account.v1.customers.retrieve(customer.id).balance == -1000
    assert [move.type for move in _moves(account, customer)] == [
        "unapplied_from_invoice",
        "applied_to_invoice",
        "adjustment",
    ]


def test_the_balance_has_one_currency(account: Any) -> None:
    customer = account.customer()
    _move(account, customer, -1000)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        _move(account, customer, -1000, currency="eur")
    assert caught.value.param == "currency"


def test_a_transaction_is_read_and_described(account: Any) -> None:
    customer, other = account.customer(), account.customer()
    moved = _move(account, customer, -1000)
    found = account.v1.customers.balance_transactions
    assert found.retrieve(customer.id, moved.id).amount == -1000
    assert found.update(customer.id, moved.id, {"description": "Sorry"}).description == "Sorry"
    with pytest.raises(stripe.InvalidRequestError):
        found.retrieve(other.id, moved.id)


def test_what_the_balance_was_is_told(sandbox: Any) -> None:
    customer = sandbox.customer()
    _move(sandbox, customer, -1000)
    assert sandbox.events("customer.updated")[-1]["data"]["previous_attributes"]["balance"] == 0


def _move(account: Any, customer: Any, amount: int, *, currency: str = "usd") -> Any:
    return account.v1.customers.balance_transactions.create(
        customer.id, {"amount": amount, "currency": currency}
    )


def _moves(account: Any, customer: Any) -> list[Any]:
    return list(account.v1.customers.balance_transactions.list(customer.id).data)


def test_what_waits_can_be_corrected_before_it_is_billed(account: Any) -> None:
    customer = account.customer()
    item = account.v1.invoice_items.create(
        {"customer": customer.id, "amount": 900, "currency": "usd"}
    )
    changed = account.v1.invoice_items.update(item.id, {"amount": 400, "description": "Less"})
    assert (changed.amount, changed.description) == (400, "Less")


def test_a_product_without_prices_can_be_deleted(account: Any) -> None:
    product = account.v1.products.create({"name": "Nothing yet"})
    assert account.v1.products.delete(product.id).deleted
    sold = account.v1.prices.retrieve(account.price()).product
    with pytest.raises(stripe.InvalidRequestError):
        account.v1.products.delete(sold)
