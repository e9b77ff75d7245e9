"""Bills that somebody made by mistake: Stripe shows them like any other."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.sandbox.engine.subscribers import first_item, go_to, subscriber

AMOUNT = 3_000


def newest(sandbox: Any, subscription: Any) -> Any:
    return sandbox.v1.invoices.list({"subscription": subscription.id}).data[0]


def test_the_running_period_is_billed_and_paid_once_more(sandbox: Any) -> None:
    subscription = subscriber(sandbox, amount=AMOUNT)
    first = newest(sandbox, subscription)
    sandbox.advance(days=1)
    made = sandbox.send("/misbill", {"subscription": subscription.id})
    again = sandbox.v1.invoices.retrieve(made["id"])
    assert (again.status, again.total, again.billing_reason) == (
        "paid",
        AMOUNT,
        "subscription_cycle",
    )
    one, other = (bill.lines.data[0] for bill in (first, again))
    assert (one.period.start, one.period.end) == (other.period.start, other.period.end)
    assert one.parent.subscription_item_details.proration is False
    assert [charge.amount for charge in sandbox.v1.charges.list().data] == [AMOUNT, AMOUNT]


def test_a_plan_that_is_over_is_billed_from_now_on(sandbox: Any) -> None:
    subscription = subscriber(sandbox, amount=AMOUNT)
    ended = sandbox.v1.subscriptions.cancel(subscription.id)
    sandbox.advance(days=2)
    made = sandbox.send("/misbill", {"subscription": subscription.id})
    assert made["lines"]["data"][0]["period"]["start"] >= ended.ended_at + 2 * 86_400
    assert sandbox.v1.subscriptions.retrieve(subscription.id).status == "canceled"


def test_a_line_of_a_draft_asks_for_more_than_its_price_makes(sandbox: Any) -> None:
    subscription = subscriber(sandbox, amount=AMOUNT)
    go_to(sandbox, first_item(subscription).current_period_end + 300)
    draft = newest(sandbox, subscription)
    made = sandbox.send("/misbill", {"invoice": draft.id, "by": 250})
    assert (made["status"], made["total"]) == ("draft", AMOUNT + 250)
    sandbox.advance(hours=2)
    paid = sandbox.v1.invoices.retrieve(draft.id)
    assert (paid.status, paid.amount_paid) == ("paid", AMOUNT + 250)
    with pytest.raises(AssertionError, match="Only the lines of a draft"):
        sandbox.send("/misbill", {"invoice": draft.id, "by": 1})


def test_what_there_is_not_cannot_be_billed(sandbox: Any) -> None:
    answer: httpx.Response = sandbox.control.post("/_sandbox/misbill", json={"subscription": "sub"})
    assert answer.status_code == 404
