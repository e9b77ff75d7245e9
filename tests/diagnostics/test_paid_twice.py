"""A duplicate is recognised by evidence; what only looks like one is left alone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.diagnostics.stripe_json import (
    NOW,
    Json,
    diagnosed,
    dispute,
    facts,
    invoice_payment,
    paid_invoice,
    refund,
    seconds,
    subscription,
    taken,
    words,
)

from prunella.diagnostics import diagnose
from prunella.diagnostics.duplicates import is_duplicate, original_of
from prunella.diagnostics.findings import Diagnosis

FIRST = NOW - timedelta(days=9)


def second(*, minutes: float = 2, **changed: Any) -> Json:
    return taken("ch_again", at=FIRST + timedelta(minutes=minutes), **changed)


def twice(diagnosis: Diagnosis) -> list[str]:
    found = [one for one in diagnosis.problems if one.root_cause == "duplicate_charge"]
    return [str(one.evidence["charge"]) for one in found]


def line(**changed: Any) -> Json:
    return {
        "id": "il_1",
        "object": "line_item",
        "description": "1 × Starter (every month)",  # noqa: RUF001  Stripe's own sign
        "quantity": 1,
        "period": {"start": seconds(FIRST), "end": seconds(FIRST + timedelta(days=31))},
        "pricing": {"price_details": {"price": "price_starter", "product": "prod_starter"}},
        "parent": {"subscription_item_details": {"subscription_item": "si_1"}},
    } | changed


def billed(number: int, *, plan: str | None = "sub_starter", **changed: Any) -> list[Json]:
    """A paid invoice with the charge that paid it."""
    about = {"subscription_details": {"subscription": plan}} if plan else None
    lines = {"object": "list", "data": [line(**changed)]}
    paid = paid_invoice(f"in_{number}", total=4000, parent=about, lines=lines)
    charge = taken(
        f"ch_{number}",
        at=FIRST + timedelta(minutes=number),
        payment_intent=f"pi_{number}",
        description="Subscription creation",
    )
    return [paid, invoice_payment(f"in_{number}", intent=f"pi_{number}"), charge]


def test_the_finding_names_both_payments_and_why() -> None:
    finding = diagnosed(taken(), second()).findings[0]
    assert finding.root_cause == "duplicate_charge"
    assert (finding.evidence["charge"], finding.evidence["first_charge"]) == ("ch_again", "ch_pack")
    assert (finding.evidence["same"], finding.evidence["seconds_apart"]) == ("description", 120)
    assert (finding.evidence["amount"], finding.evidence["currency"]) == (4000, "usd")


@pytest.mark.parametrize(
    ("minutes", "says"),
    [(0.5, "within a minute"), (1, "one minute apart"), (15, "15 minutes apart")],
)
def test_how_far_apart_is_told(minutes: float, says: str) -> None:
    assert says in diagnosed(taken(), second(minutes=minutes)).explanation


@pytest.mark.parametrize(
    "other",
    [
        second(minutes=15.1),
        second(amount=4001),
        second(currency="eur"),
        second(description="Barcode pack"),
        second(description=None),
        second(metadata={"seat": "2"}),
        second(status="failed"),
        second(captured=False),
        second(amount_refunded=1),
        second(disputed=True),
    ],
)
def test_what_only_looks_like_a_duplicate_is_left_alone(other: Json) -> None:
    assert twice(diagnosed(taken(), other)) == []


def test_two_payments_that_say_nothing_of_themselves_are_no_duplicate() -> None:
    assert twice(diagnosed(taken(description=None), second(description=None))) == []


def test_the_same_order_number_is_evidence_enough() -> None:
    order: Json = {"description": None, "metadata": {"order": "A-7"}}
    assert twice(diagnosed(taken(**order), second(**order))) == ["ch_again"]


@pytest.mark.parametrize("status", ["pending", "succeeded", "failed", "requires_action"])
@pytest.mark.parametrize("charge", ["ch_pack", "ch_again"])
def test_what_already_went_back_is_not_offered_again(status: str, charge: str) -> None:
    assert twice(diagnosed(taken(), second(), refund(status, charge=charge))) == []


def test_a_refund_that_was_called_off_settles_nothing() -> None:
    known = diagnosed(taken(), second(), refund("canceled", charge="ch_again"))
    assert twice(known) == ["ch_again"]


def test_what_a_bank_looks_at_is_not_sent_back_by_us() -> None:
    assert twice(diagnosed(taken(), second(), dispute(charge="ch_again"))) == []


def test_of_three_the_first_is_meant() -> None:
    third = taken("ch_third", at=FIRST + timedelta(minutes=4))
    diagnosis = diagnosed(taken(), second(), third)
    assert sorted(twice(diagnosis)) == ["ch_again", "ch_third"]


def test_a_duplicate_of_half_a_year_ago_is_history() -> None:
    old = NOW - timedelta(days=181)
    again = taken("ch_again", at=old + timedelta(minutes=2))
    assert twice(diagnosed(taken(at=old), again)) == []


def test_one_invoice_paid_twice_is_a_duplicate() -> None:
    first, payment, charge = billed(1)
    again = taken("ch_2", at=FIRST + timedelta(minutes=3), payment_intent="pi_2")
    both = diagnosed(first, payment, charge, again, invoice_payment("in_1", intent="pi_2"))
    assert both.findings[0].evidence["same"] == "invoice"


def test_one_invoice_paid_in_two_halves_is_not() -> None:
    first, payment, charge = billed(1)
    whole = first | {"total": 8000}
    again = taken("ch_2", at=FIRST + timedelta(minutes=3), payment_intent="pi_2")
    linked = invoice_payment("in_1", intent="pi_2")
    assert twice(diagnosed(whole, payment, charge, again, linked)) == []


def test_the_same_lines_of_one_plan_billed_twice_are_a_duplicate() -> None:
    assert twice(diagnosed(*billed(1), *billed(2))) == ["ch_2"]


@pytest.mark.parametrize(
    "other",
    [
        billed(2, plan="sub_other"),
        billed(2, quantity=2),
        billed(2, parent={"subscription_item_details": {"subscription_item": "si_2"}}),
        billed(2, description="Remaining time on 2 × Seat"),  # noqa: RUF001  Stripe's own sign
        billed(2, pricing={"price_details": {"price": "price_other", "product": "prod_starter"}}),
        billed(2, period={"start": seconds(FIRST), "end": seconds(FIRST + timedelta(days=9))}),
    ],
    ids=["another plan", "more seats", "another seat", "a change", "a price", "a period"],
)
def test_two_seats_are_not_a_duplicate(other: list[Json]) -> None:
    plans = [subscription(), subscription(id="sub_other")]
    assert twice(diagnosed(*plans, *billed(1), *other)) == []


def test_an_item_noted_twice_is_a_duplicate_whenever_it_was_noted() -> None:
    def noted(number: int) -> list[Json]:
        at = seconds(FIRST + timedelta(minutes=number))
        return billed(number, plan=None, parent=None, period={"start": at, "end": at})

    assert twice(diagnosed(*noted(1), *noted(2))) == ["ch_2"]


def test_an_invoice_whose_lines_are_not_known_is_no_evidence() -> None:
    bare = [one | {"lines": None} for one in (*billed(1), *billed(2))]
    assert twice(diagnosed(*bare)) == []


def test_policy_asks_the_same_judgement() -> None:
    known = facts(taken(), second())
    first = original_of(known, "ch_again")
    assert first is not None
    assert first.charge == "ch_pack"
    assert not is_duplicate(known, "ch_pack")
    assert not is_duplicate(known, "ch_nowhere")
    assert not is_duplicate(facts(taken(), second(), refund()), "ch_again")


def test_words_promise_one_click_only_where_no_person_has_to_decide() -> None:
    at_once = facts(taken(), second())
    asks = replace(at_once, asks_person=frozenset({"ch_again"}))
    first, second_time = (diagnose(one, words()) for one in (at_once, asks))
    assert "one click" in first.first.todo
    assert first.offers[0].label == "Get $40.00 back"
    assert "one click" not in second_time.explanation
    assert "A person looks at it first" in second_time.first.todo
    assert second_time.offers[0].label == "Ask for $40.00 back"
    assert {one.recommended_action for one in (first, second_time)} == {"refund_duplicate"}
