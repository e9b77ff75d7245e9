"""Too much was billed only where paid bills prove it; what could be meant is left alone."""

from datetime import timedelta
from typing import Any

import pytest
from tests.diagnostics.bills import (
    A_PERIOD,
    AMOUNT,
    BEGINS,
    UNIT,
    billed,
    line,
    plan,
    price,
    prorated,
)
from tests.diagnostics.stripe_json import Json, diagnosed, dispute, facts, refund, seconds
from tests.diagnostics.test_root_causes import EVERY_FIX

from prunella.diagnostics.findings import Diagnosis, Finding
from prunella.diagnostics.overcharges import overcharge_of

NEXT = BEGINS + A_PERIOD


def told(*objects: Json) -> Diagnosis:
    return diagnosed(*objects, possible=EVERY_FIX)


def too_much(*objects: Json) -> list[Finding]:
    found = told(*objects).problems
    return [one for one in found if one.root_cause == "invoice_miscalculated"]


def again(*lines: Json, **changed: Any) -> list[Json]:
    """The same period once more, two days later."""
    return billed(2, *lines, days=2, **changed)


def test_a_period_that_was_paid_is_billed_again() -> None:
    (found,) = too_much(plan(), *billed(1), *again())
    assert found.evidence["formula"] == "60.00 - 0.00 = 60.00"
    assert (found.evidence["charge"], found.evidence["invoice"]) == ("ch_2", "in_2")
    assert (found.evidence["other_invoice"], found.evidence["why"]) == ("in_1", "again")
    assert "It bills Sunday 1 February to Sunday 1 March once more" in found.happened
    assert "invoice TAI-0001 bills already" in found.happened
    assert found.means == "The mistake was ours, and $60.00 is yours to have back."


def test_both_ways_are_offered_and_money_back_first() -> None:
    offers = told(plan(), *billed(1), *again()).offers
    assert [(one.name, one.target, one.label) for one in offers[:2]] == [
        ("refund_overcharge", "ch_2", "Get $60.00 back"),
        ("credit_overcharge", "ch_2", "Take $60.00 off my next invoice"),
    ]
    assert [one.main for one in offers[:2]] == [True, False]


def test_of_three_the_first_is_meant() -> None:
    three = [*billed(1), *again(), *billed(3, days=4)]
    assert [one.evidence["invoice"] for one in too_much(plan(), *three)] == ["in_2", "in_3"]


@pytest.mark.parametrize(
    "other",
    [
        again(line(NEXT)),
        again(line(quantity=4, quantity_decimal="4", amount=4 * UNIT)),
        again(line(), prorated(amount=-AMOUNT, at=BEGINS)),
        again(prorated()),
        again(line(), line()),
        again(billing_reason="subscription_threshold"),
        again(billing_reason="manual"),
        again(status="open"),
        again(total=AMOUNT + 1),
        again(payment={"amount": AMOUNT + 1}),
        again(payment={"captured": False}),
        again(payment={"status": "failed"}),
        again(payment={"disputed": True}),
        again(payment={"amount_refunded": AMOUNT}),
        again(post_payment_credit_notes_amount=AMOUNT),
        again(line(pretax_credit_amounts=[{"amount": 5, "type": "credit_balance_transaction"}])),
        again(lines={"object": "list", "data": []}),
        again(
            line(pricing={"price_details": {"price": "price_other"}, "unit_amount_decimal": "1"})
        ),
    ],
)
def test_what_could_be_meant_is_left_alone(other: list[Json]) -> None:
    assert too_much(plan(), *billed(1), *other) == []


@pytest.mark.parametrize(
    "sold",
    [
        price(recurring={"interval": "month", "interval_count": 1, "usage_type": "metered"}),
        price(recurring=None),
        price(id="price_before"),
    ],
)
def test_only_what_is_sold_by_the_seat_is_billed_once_a_period(sold: Json) -> None:
    assert too_much(plan(sold=sold), *billed(1), *again()) == []


@pytest.mark.parametrize(
    "first",
    [
        billed(1, payment={"amount_refunded": AMOUNT}),
        billed(1, payment={"disputed": True}),
        billed(1, post_payment_credit_notes_amount=AMOUNT),
        billed(1)[:1],
        billed(1, status="void"),
        billed(1, status="uncollectible"),
    ],
    ids=["went back", "at the bank", "credited", "paid elsewhere", "withdrawn", "written off"],
)
def test_a_first_bill_that_was_not_paid_or_went_back_proves_nothing(first: list[Json]) -> None:
    assert too_much(plan(), *first, *again()) == []


def test_what_went_back_of_it_is_no_longer_owed() -> None:
    part = again(payment={"amount_refunded": 1_000}, post_payment_credit_notes_amount=500)
    (found,) = too_much(plan(), *billed(1), *part)
    assert found.amount is not None
    assert (found.evidence["given_back"], found.amount.amount) == (1_500, AMOUNT - 1_500)


def test_a_refund_that_belongs_to_a_credit_note_counts_once() -> None:
    note: Json = {"id": "cn_1", "object": "credit_note", "invoice": "in_2", "status": "issued"}
    note |= {"amount": 1_000, "refunds": [{"amount_refunded": 1_000, "refund": "re_pack"}]}
    back = refund(charge="ch_2", amount=1_000)
    (found,) = too_much(plan(), *billed(1), *again(), note, back)
    assert found.evidence["given_back"] == 1_000


@pytest.mark.parametrize("status", ["failed", "canceled"])
def test_a_refund_that_did_not_arrive_settles_nothing(status: str) -> None:
    back = refund(status, charge="ch_2", amount=AMOUNT)
    assert len(too_much(plan(), *billed(1), *again(), back)) == 1


def test_a_dispute_leaves_it_to_the_bank() -> None:
    assert too_much(plan(), *billed(1), *again(), dispute(charge="ch_1")) == []


def test_discounts_and_tax_of_the_line_are_part_of_what_it_came_to() -> None:
    tax = {"amount": 540, "tax_behavior": "exclusive"}
    less = line(discount_amounts=[{"amount": 600}], taxes=[tax])
    (found,) = too_much(plan(), *billed(1, less, total=5_940), *again(less, total=5_940))
    assert found.evidence["formula"] == "59.40 - 0.00 = 59.40"


def test_paid_twice_within_minutes_is_told_once() -> None:
    at_once = billed(2, days=0.005)
    assert [one.root_cause for one in told(plan(), *billed(1), *at_once).problems] == [
        "duplicate_charge"
    ]


def ended(**changed: Any) -> Json:
    return plan("canceled", ended_at=seconds(BEGINS), canceled_at=seconds(BEGINS), **changed)


def test_a_period_after_the_end_of_the_plan_is_owed_by_nobody() -> None:
    (found,) = too_much(ended(), *billed(1))
    assert (found.evidence["why"], found.evidence["amount"]) == ("after_end", AMOUNT)
    assert "Your plan had ended on Sunday 1 February." in found.happened


@pytest.mark.parametrize(
    "plans",
    [
        plan("canceled", ended_at=seconds(BEGINS + timedelta(seconds=1))),
        plan("canceled", ended_at=None),
        plan("incomplete_expired", ended_at=seconds(BEGINS)),
        plan("active", ended_at=None),
        ended(id="sub_other"),
    ],
)
def test_a_period_that_the_plan_still_ran_in_is_owed(plans: Json) -> None:
    assert too_much(plans, *billed(1)) == []


def test_what_began_and_ended_at_once_was_billed_before_it_was_over() -> None:
    assert too_much(ended(), *billed(1, created=seconds(BEGINS))) == []


def test_what_was_paid_ahead_before_the_plan_ended_is_another_matter() -> None:
    ahead = billed(1, line(NEXT), days=-3)
    assert too_much(ended(), *ahead) == []


@pytest.mark.parametrize(
    ("of_line", "of_price", "formula"),
    [
        ({"amount": 7_000}, {}, "3 × 20.00 = 60.00; 70.00 - 60.00 = 10.00"),  # noqa: RUF001 the sign is meant
        (
            {"amount": 9, "unit_amount": "2.5"},
            {"unit_amount_decimal": "2.5"},
            "3 × 0.025 = 0.08; 0.09 - 0.08 = 0.01",  # noqa: RUF001 the sign is meant
        ),
    ],
)
def test_a_sum_that_its_own_price_does_not_make(
    of_line: Json, of_price: Json, formula: str
) -> None:
    unit = of_line.pop("unit_amount", str(UNIT))
    pricing = {"price_details": {"price": "price_seat"}, "unit_amount_decimal": unit}
    (found,) = too_much(plan(sold=price(**of_price)), *billed(1, line(pricing=pricing, **of_line)))
    assert (found.evidence["why"], found.evidence["formula"]) == ("wrong_sum", formula)


@pytest.mark.parametrize(
    ("of_line", "of_price"),
    [
        ({}, {"billing_scheme": "tiered"}),
        ({}, {"transform_quantity": {"divide_by": 2, "round": "up"}}),
        ({}, {"unit_amount_decimal": "2500"}),
        ({}, {"recurring": {"interval": "day", "interval_count": 1, "usage_type": "licensed"}}),
        ({"quantity_decimal": "3.5"}, {}),
        ({"quantity": None}, {}),
        ({"quantity": 0, "quantity_decimal": "0"}, {}),
        ({"taxes": [{"amount": 10, "tax_behavior": "inclusive"}]}, {}),
        ({"discount_amounts": [{"amount": 0}]}, {}),
        ({"amount": AMOUNT - 1}, {}),
        ({"amount": AMOUNT}, {}),
    ],
)
def test_a_sum_that_something_else_may_explain_is_left_alone(of_line: Json, of_price: Json) -> None:
    wrong: Json = {"amount": 7_000}
    given = line(**wrong | of_line)
    assert too_much(plan(sold=price(**of_price)), *billed(1, given)) == []


def test_a_part_of_a_period_has_a_sum_of_its_own() -> None:
    assert too_much(plan(), *billed(1, prorated(amount=7_000))) == []


def test_several_wrong_lines_of_one_bill_are_one_finding() -> None:
    items = [
        {"id": name, "object": "subscription_item", "quantity": 3, "price": price()}
        for name in ("si_1", "si_2")
    ]
    plans = plan() | {"items": {"object": "list", "data": items}}
    second = line(id="il_2", amount=6_500)
    second["parent"] = {"subscription_item_details": {"subscription_item": "si_2"}}
    (found,) = too_much(plans, *billed(1, line(amount=7_000), second))
    assert found.amount is not None
    assert (found.amount.amount, found.evidence["lines"]) == (1_500, "il_1, il_2")


def test_policy_asks_the_same_judgement() -> None:
    known = facts(plan(), *billed(1), *again())
    by_charge, by_bill = overcharge_of(known, charge="ch_2"), overcharge_of(known, invoice="in_2")
    assert by_charge is not None
    assert by_charge == by_bill
    assert (by_charge.left.amount, by_charge.bills) == (AMOUNT, ("in_2", "in_1"))
    assert overcharge_of(known, charge="ch_1") is None
    assert overcharge_of(facts(plan(), *billed(1)), charge="ch_1") is None


def test_what_a_letter_or_an_event_left_out_is_no_proof() -> None:
    """An older version's line has neither sums nor a plan's item; nothing is made up for it."""
    bare = [one | {"lines": {"data": [{"id": "il_1"}]}} for one in (*billed(1), *again())]
    assert too_much(plan(), *bare) == []
    assert too_much(plan() | {"items": None}, *billed(1), *again()) == []
