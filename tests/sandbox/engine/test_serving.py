"""The sandbox as a program of its own."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

import stripe


def test_it_says_where_it_is_and_answers() -> None:
    command = [sys.executable, "-m", "prunella_sandbox", "--port", "0", "--smtp-port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:  # noqa: S603 - our own
        try:
            assert program.stdout is not None
            url = program.stdout.readline().split()[-1]
            client = stripe.StripeClient("sk_test_x", base_addresses={"api": url})
            assert client.v1.customers.create({"name": "Northbeck"}).name == "Northbeck"
        finally:
            program.terminate()


def test_many_ask_at_once_and_money_moves_once(served: tuple[object, str]) -> None:
    async def pay() -> list[str]:
        http: Any = stripe.HTTPXClient()
        client = stripe.StripeClient(
            "sk_test_x", base_addresses={"api": served[1]}, http_client=http
        )
        customer = await client.v1.customers.create_async({"name": "Northbeck"})
        method = await client.v1.payment_methods.attach_async(
            "pm_card_visa", {"customer": customer.id}
        )
        draft = await client.v1.invoices.create_async({"customer": customer.id})
        await client.v1.invoice_items.create_async(
            {"customer": customer.id, "invoice": draft.id, "amount": 900, "currency": "usd"}
        )
        await client.v1.invoices.finalize_invoice_async(draft.id)

        async def once() -> str:
            try:
                paid = await client.v1.invoices.pay_async(draft.id, {"payment_method": method.id})
            except stripe.InvalidRequestError as error:
                return str(error.code)
            return str(paid.status)

        answers = await asyncio.gather(*(once() for _ in range(16)))
        charges = await client.v1.charges.list_async({"customer": customer.id})
        assert [charge.status for charge in charges.data] == ["succeeded"]
        await http.close_async()
        return answers

    answers = asyncio.run(pay())
    assert sorted(set(answers)) == ["invoice_already_paid", "paid"]
    assert answers.count("paid") == 1
