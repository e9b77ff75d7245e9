"""Somebody with a running subscription, and ways to spoil and mend their card."""

from __future__ import annotations

from typing import Any


def subscriber(account: Any, *, amount: int = 3000, quantity: int = 1, **details: Any) -> Any:
    """A subscription that was just paid."""
    customer = account.customer()
    item = {"price": account.price(amount=amount), "quantity": quantity}
    return account.v1.subscriptions.create({"customer": customer.id, "items": [item], **details})


def first_item(subscription: Any) -> Any:
    return subscription["items"].data[0]


def to_the_middle(sandbox: Any, subscription: Any) -> int:
    """Let time pass to exactly the middle of the running period, and say when that is."""
    item = first_item(subscription)
    middle = (item.current_period_start + item.current_period_end) // 2
    go_to(sandbox, middle)
    return int(middle)


def go_to(sandbox: Any, at: float) -> None:
    sandbox.send("/clock", {"advance_seconds": max(0.0, at - sandbox.read("/clock")["now"])})


def newest_invoice(account: Any, subscription: Any) -> Any:
    return account.v1.invoices.list({"customer": subscription.customer}).data[0]


def pending_amounts(account: Any, subscription: Any) -> list[int]:
    """The amounts that wait for the next invoice, oldest first."""
    waiting = {"customer": subscription.customer, "pending": True, "limit": 100}
    return [item.amount for item in account.v1.invoice_items.list(waiting).data][::-1]


def spoil(account: Any, customer: str, code: str) -> None:
    """Let the bank refuse the customer's card; an empty code mends it."""
    method = account.v1.customers.retrieve(customer).invoice_settings.default_payment_method
    account.v1.payment_methods.update(method, {"metadata": {"sandbox_decline": code}})
