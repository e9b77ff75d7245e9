"""Searching, paging and expanding what there is."""

from __future__ import annotations

from typing import Any

import pytest
import stripe
from tests.sandbox.engine.subscribers import subscriber


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('email:"a@northbeck.example"', ["A"]),
        ('email~"NORTHBECK"', ["B", "A"]),
        ('email~"northbeck" AND -name:"A"', ["B"]),
        ('name:"A" OR name:"C"', ["C", "A"]),
        ('metadata["seats"]:"7"', ["C"]),
        ("phone:null", ["C", "B", "A"]),
        ("created>0", ["C", "B", "A"]),
        ("created<1000", []),
    ],
)
def test_a_search_finds_what_fits(sandbox: Any, query: str, found: list[str]) -> None:
    _three(sandbox)
    result = sandbox.v1.customers.search({"query": query})
    assert [customer.name for customer in result.data] == found


def test_a_query_that_cannot_be_read_is_refused(account: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        account.v1.customers.search({"query": "name is A"})


def test_a_search_comes_in_pages(sandbox: Any) -> None:
    _three(sandbox)
    first = sandbox.v1.customers.search({"query": "created>0", "limit": 2})
    assert (len(first.data), first.has_more) == (2, True)
    rest = sandbox.v1.customers.search({"query": "created>0", "limit": 2, "page": first.next_page})
    assert [customer.name for customer in rest.data] == ["A"]


def test_other_kinds_can_be_searched(sandbox: Any) -> None:
    subscription = subscriber(sandbox, amount=4321)
    v1 = sandbox.v1
    assert v1.subscriptions.search({"query": 'status:"active"'}).data[0].id == subscription.id
    assert v1.invoices.search({"query": "total>4000"}).data[0].total == 4321
    assert v1.charges.search({"query": 'status:"succeeded"'}).data[0].amount == 4321
    assert v1.payment_intents.search({"query": "amount:4321"}).data
    assert v1.prices.search({"query": 'active:"true"'}).data
    assert v1.products.search({"query": 'name~"start"'}).data


def test_a_search_may_lag_behind_as_at_stripe(sandbox: Any) -> None:
    sandbox.send("/settings", {"search_lag_seconds": 60})
    _three(sandbox)
    assert sandbox.v1.customers.search({"query": "created>0"}).data == []
    assert len(sandbox.v1.customers.list().data) == 3
    sandbox.advance(seconds=61)
    assert len(sandbox.v1.customers.search({"query": "created>0"}).data) == 3


def test_every_list_comes_in_pages(sandbox: Any) -> None:
    customer = sandbox.customer()
    for amount in (-100, -200, -300):
        sandbox.v1.customers.balance_transactions.create(
            customer.id, {"amount": amount, "currency": "usd"}
        )
    moves = sandbox.v1.customers.balance_transactions
    first = moves.list(customer.id, {"limit": 2})
    assert ([m.amount for m in first.data], first.has_more) == ([-300, -200], True)
    rest = moves.list(customer.id, {"limit": 2, "starting_after": first.data[-1].id})
    assert ([m.amount for m in rest.data], rest.has_more) == ([-100], False)
    back = moves.list(customer.id, {"limit": 1, "ending_before": rest.data[0].id})
    assert [m.amount for m in back.data] == [-200]


def test_new_kinds_are_expanded(sandbox: Any) -> None:
    customer = sandbox.customer()
    invoice = sandbox.v1.invoices.pay(sandbox.bill(customer.id, amount=900).id)
    note = sandbox.v1.credit_notes.create(
        {
            "invoice": invoice.id,
            "amount": 400,
            "credit_amount": 100,
            "refund_amount": 300,
            "expand": ["invoice", "customer_balance_transaction", "refunds.refund.charge"],
        }
    )
    assert (note.invoice.id, note.customer_balance_transaction.amount) == (invoice.id, -100)
    assert note.refunds[0].refund.charge.balance_transaction.startswith("txn_")


def test_a_customers_prefix_numbers_the_invoices(account: Any) -> None:
    customer = account.customer(invoice_prefix="NORTHB")
    assert account.bill(customer.id).number == "NORTHB-0001"


def _three(sandbox: Any) -> None:
    for name, email in (
        ("A", "a@northbeck.example"),
        ("B", "b@northbeck.example"),
        ("C", "c@alder.example"),
    ):
        metadata = {"seats": "7"} if name == "C" else {}
        sandbox.v1.customers.create({"name": name, "email": email, "metadata": metadata})
