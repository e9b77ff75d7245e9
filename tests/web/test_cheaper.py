"""Another plan would have been cheaper: said where it is true, with what nobody can know."""

from datetime import timedelta

import pytest
from tests.diagnostics.stripe_json import NOW, facts, paid_invoice, seconds, subscription, words

from prunella.kit.money import Money
from prunella.people.plans import PlanPrice, check, included
from prunella.settings import load_content, shipped
from prunella.web.views import choosing
from prunella.web.views.saying import Saying

CONTENT = load_content(shipped("content"))
INCLUDED = included(CONTENT)


def price(name: str, plan: str, amount: int, interval: str = "month") -> PlanPrice:
    return PlanPrice(price=name, plan=plan, amount=Money(amount, "usd"), interval=interval)


STARTER = price("price_starter", "starter", 250_000)
YEARLY = price("price_yearly", "starter", 2_400_000, "year")
PROFESSIONAL = price("price_pro", "professional", 1_500_000)
PROMOTED = price("price_promoted", "professional", 200_000)


def said(
    here: PlanPrice, other: PlanPrice, *, bills: int = 3, quantity: int = 1, paid: int | None = None
) -> str:
    """What is said of `other` to who has paid `bills` bills for `here`."""
    plan = subscription()
    [item] = plan["items"]["data"]
    item["quantity"] = quantity
    item["price"] |= {"id": here.price, "unit_amount": here.amount.amount}
    item["price"]["recurring"]["interval"] = here.interval
    total = paid if paid is not None else here.amount.amount * quantity
    paid_at = [NOW - timedelta(days=30 * n + 1) for n in range(bills)]
    invoices = [
        paid_invoice(
            f"in_{n}",
            total=total,
            parent={"subscription_details": {"subscription": plan["id"]}},
            status_transitions={"paid_at": seconds(at)},
        )
        for n, at in enumerate(paid_at)
    ]
    known = facts(plan, *invoices)
    [offer] = choosing.offers(
        known.subscriptions[0],
        [here, other],
        known,
        Saying(words=words(), now=NOW),
        included=INCLUDED,
    )
    return offer.cheaper


def test_the_same_plan_in_another_rhythm() -> None:
    assert said(STARTER, YEARLY) == "In the last 3 months you would have paid $1,500.00 less."


def test_each_unit_counts() -> None:
    assert "$6,000.00 less" in said(STARTER, YEARLY, quantity=4)


def test_a_plan_that_includes_theirs_and_costs_less() -> None:
    assert said(STARTER, PROMOTED) == "In the last 3 months you would have paid $1,500.00 less."


def test_a_smaller_plan_is_cheaper_and_whether_it_is_enough_is_left_open() -> None:
    words_said = said(PROFESSIONAL, STARTER)
    assert words_said.startswith("It would have cost $37,500.00 less in the last 3 months.")
    assert "Whether it is enough for you, your bills do not tell." in words_said


@pytest.mark.parametrize(
    ("here", "other"),
    [(STARTER, PROFESSIONAL), (YEARLY, STARTER), (STARTER, price("same", "starter", 250_000))],
)
def test_what_costs_as_much_or_more_is_not_called_cheaper(
    here: PlanPrice, other: PlanPrice
) -> None:
    assert said(here, other) == ""


def test_without_a_paid_bill_nothing_is_said() -> None:
    assert said(STARTER, YEARLY, bills=0) == ""


def test_bills_of_another_amount_are_not_reckoned_with() -> None:
    assert said(STARTER, YEARLY, paid=333_333) == ""


def test_what_a_plan_includes_is_checked() -> None:
    assert INCLUDED["professional"] == {"free", "starter", "professional"}
    assert check(CONTENT) == []
