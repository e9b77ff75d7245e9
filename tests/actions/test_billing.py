"""Credits, bills that are put right or withdrawn, plans that end: once, whatever happens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from tests.actions.conftest import NewCustomer
from tests.actions.test_account import go_through, plan
from tests.actions.world import Ours

from prunella.actions import Action
from prunella.kit.actor import Actor

AMOUNT = 4_900
LEAD = Actor(kind="staff", id="staff_lead", role="lead")
LOST = ["error_before", "error_after", "timeout_after"]


async def open_invoice(ours: Ours) -> str:
    invoice = await ours.stripe.bill(ours.customer.address, amount=AMOUNT)
    await ours.see()
    return invoice


async def paid_invoice(ours: Ours) -> str:
    invoice = await ours.stripe.bill(ours.customer.address, amount=AMOUNT)
    await ours.stripe.post(f"invoices/{invoice}/pay")
    await ours.see()
    return invoice


async def account(ours: Ours) -> str:
    return ours.customer.address


async def ask(ours: Ours, kind: str, target: str, **more: Any) -> Action:
    return await ours.ask(kind, target, **{"actor": LEAD} | more)


async def balance(ours: Ours, _target: str) -> list[int]:
    found = await ours.stripe.get(f"customers/{ours.customer.address}/balance_transactions")
    return [one["amount"] for one in found["data"]]


async def notes(ours: Ours, target: str) -> list[int]:
    return [
        one["amount"] for one in (await ours.stripe.get("credit_notes", invoice=target))["data"]
    ]


async def corrections(ours: Ours, target: str) -> list[Any]:
    found = await ours.stripe.get("invoices", customer=ours.customer.address)
    return [(one["total"], one["status"]) for one in found["data"] if one["id"] != target]


async def status(ours: Ours, target: str) -> list[str]:
    return [(await ours.stripe.invoice(target))["status"]]


async def end(ours: Ours, target: str) -> list[Any]:
    found = await ours.stripe.get(f"subscriptions/{target}")
    return [found["cancel_at_period_end"] or found["status"]]


@dataclass(frozen=True)
class Case:
    """A kind, what it is about, what it asks for, and what Stripe shows afterwards."""

    kind: str
    target: Callable[[Ours], Awaitable[str]]
    path: str
    shown: Callable[[Ours, str], Awaitable[list[Any]]]
    after: list[Any]
    money: bool = True
    how: str = ""

    async def ask(self, ours: Ours, target: str, **more: Any) -> Action:
        asked = {"amount": AMOUNT, "currency": "usd"} if self.money else {}
        params = {"params": {"how": self.how}} if self.how else {}
        return await ask(ours, self.kind, target, **asked | params | more)


CASES = {
    "credit_balance": Case("credit_balance", account, "/balance_transactions", balance, [-AMOUNT]),
    "credit_note_open": Case(
        "credit_note", open_invoice, "/credit_notes", notes, [AMOUNT], how="reduce"
    ),
    "credit_note_paid": Case(
        "credit_note", paid_invoice, "/credit_notes", notes, [AMOUNT], how="balance"
    ),
    "void_invoice": Case("void_invoice", open_invoice, "/void", status, ["void"]),
    "correct_invoice": Case(
        "correct_invoice", paid_invoice, "/invoices", corrections, [(AMOUNT, "paid")]
    ),
    "cancel_at_period_end": Case(
        "cancel_subscription",
        plan,
        "/v1/subscriptions/",
        end,
        [True],
        money=False,
        how="period_end",
    ),
    "cancel_now": Case(
        "cancel_subscription", plan, "/v1/subscriptions/", end, ["canceled"], money=False, how="now"
    ),
}
EACH = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


@EACH
async def test_it_is_done_once_and_a_second_request_gets_the_same(
    new_customer: NewCustomer, case: Case
) -> None:
    ours = await new_customer()
    target = await case.target(ours)
    first = await case.ask(ours, target)
    assert first.state == "approved", first.decision
    assert (await case.ask(ours, target)).id == first.id
    done = await ours.work(first)
    assert done.state == "succeeded", done.error
    assert await case.shown(ours, target) == case.after
    assert (await ours.work(first)).state == "succeeded"
    assert await case.shown(ours, target) == case.after


@EACH
@pytest.mark.parametrize("fault", LOST)
async def test_it_is_done_once_whatever_happens_to_the_answer(
    new_customer: NewCustomer, case: Case, fault: str
) -> None:
    ours = await new_customer()
    target = await case.target(ours)
    asked = await case.ask(ours, target)
    method = "DELETE" if case.how == "now" else "POST"
    await ours.stripe.fault(fault, case.path, method=method)
    done = await go_through(ours, asked)
    assert done.state == "succeeded", done.error
    assert await case.shown(ours, target) == case.after


@EACH
async def test_25_hours_later_it_is_looked_at_and_not_sent(
    new_customer: NewCustomer, case: Case
) -> None:
    ours = await new_customer()
    target = await case.target(ours)
    asked = await case.ask(ours, target)
    method = "DELETE" if case.how == "now" else "POST"
    await ours.stripe.fault("timeout_after", case.path, method=method)
    await ours.stripe.fault("error_before", "/v1/", method="GET", count=50)
    assert (await ours.work(asked)).state in {"unknown", "approved"}
    await ours.stripe.http.delete("/_sandbox/faults")
    await ours.stripe.pass_time(hours=25)
    await ours.fire_timers()
    done = await go_through(ours, asked)
    assert done.state == "succeeded", done.error
    assert await case.shown(ours, target) == case.after
