"""Less than they pay for is ours to mend; more is for us to know, and alarms nobody."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.diagnostics.access_stories import REFS, asked, known, on, seats, told
from tests.diagnostics.stripe_json import NOW, Json, failed, paid_invoice, subscription

from prunella.connectors.subscriptions import Usable
from prunella.diagnostics.facts_access import NOTHING, Access, compare
from prunella.diagnostics.parse_access import entitlement
from prunella.mirror import standing_of

OFF = Usable(plan=None, active=False)


def of_price(**names: str | None) -> Json:
    plan = subscription()
    item = plan["items"]["data"][0]
    sold = item["price"] | {"id": "price_x", "lookup_key": None, "product": "prod_x"} | names
    return plan | {"items": {"object": "list", "data": [item | {"price": sold}]}}


@pytest.mark.parametrize(
    ("usable", "plan", "compared"),
    [
        (OFF, subscription(), "uses_less"),
        (on("starter", active=False), subscription(), "uses_less"),
        (on("free"), subscription(), "uses_less"),
        (on("starter"), subscription(), "uses_the_same"),
        (on("price_starter"), subscription(), "uses_the_same"),
        (on("starter", quantity=None), seats(5), "uses_the_same"),
        (on("starter", quantity=4), seats(5), "uses_less"),
        (on("starter", quantity=6), seats(5), "uses_more"),
        (on("professional"), subscription(), "uses_more"),
        (on("professional", quantity=1), seats(5), "uses_more"),
        (on("starter"), subscription("trialing"), "uses_the_same"),
        (OFF, subscription("trialing"), "uses_less"),
        (OFF, subscription("canceled"), "uses_the_same"),
        (on("free"), subscription("canceled"), "uses_the_same"),
        (on("starter"), subscription("canceled"), "uses_more"),
        (on("starter"), subscription("unpaid"), "uses_more"),
        (on("professional"), of_price(lookup_key="professional_usd"), "uses_the_same"),
        (OFF, of_price(product="prod_free"), "uses_the_same"),
    ],
)
def test_the_larger_plan_or_the_larger_number(usable: Usable, plan: Json, compared: str) -> None:
    assert known(usable, plan).compared == compared


@pytest.mark.parametrize(
    ("usable", "plan", "why"),
    [
        (None, subscription(), "not_known_there"),
        (on("gold"), subscription(), "plan_not_known"),
        (OFF, of_price(), "plan_not_known"),
        (OFF, subscription("past_due"), "plan_is_late"),
        (OFF, subscription("incomplete"), "plan_is_late"),
    ],
)
def test_what_is_not_certain_is_not_compared(usable: Usable | None, plan: Json, why: str) -> None:
    assert known(usable, plan).compared == why


def test_an_answer_counts_only_while_it_is_the_last_word_of_both() -> None:
    plan = subscription()
    assert known(OFF, plan, failed=True).compared == "no_answer"
    assert known(OFF, plan, as_of=None, standing="").compared == "not_asked_yet"
    before = asked(OFF, [plan])
    assert entitlement(before, [seats(2)], REFS).compared == "changed_since"
    assert entitlement(before, [plan], REFS).compared == "uses_less"


def test_a_renewal_or_the_end_of_a_trial_leaves_an_answer_as_good_as_it_was() -> None:
    plan = subscription("trialing")
    later = plan | {"status": "active", "latest_invoice": "in_april", "trial_end": None}
    assert standing_of([plan]) == standing_of([later])
    for changed in (seats(2), subscription("canceled"), subscription(id="sub_other")):
        assert standing_of([plan]) != standing_of([changed])


def test_what_is_sold_beside_a_plan_is_no_plan() -> None:
    plan = subscription()
    rule = of_price()["items"]["data"][0] | {"quantity": 7}
    both = plan | {"items": {"object": "list", "data": [rule, plan["items"]["data"][0]]}}
    paid = known(on("starter"), both).paid
    assert paid == Access(level=1, plan="starter", quantity=1, subscription="sub_starter")


def test_what_is_switched_off_is_told_first_and_mended_with_one_click() -> None:
    diagnosis = told(OFF, paid_invoice())
    assert (diagnosis.root_cause, diagnosis.status) == ("entitlement_missing", "red")
    assert diagnosis.recommended_action == "sync_entitlement"
    assert diagnosis.explanation == (
        "You have the plan Starter, and nothing of it is switched on. The mistake is ours."
        " You pay nothing for putting it right. Switch it on with one click."
    )
    lights = {check.check: (check.word, check.state) for check in diagnosis.meter}
    assert lights["access"] == ("Off", "bad")
    assert lights["payment"] == ("On time", "ok"), "nothing is wrong with their money"
    assert not any("You can use your plan" in one.explanation for one in diagnosis.findings)


def test_a_smaller_plan_is_an_amber_light() -> None:
    diagnosis = told(on("starter"), of_price(lookup_key="professional_usd"))
    assert (diagnosis.root_cause, diagnosis.status) == ("entitlement_missing", "amber")
    assert "the plan Professional, but only Starter is switched on" in diagnosis.explanation
    assert [one.word for one in diagnosis.meter if one.check == "access"] == ["Not all"]


def test_some_of_what_was_bought_by_number_is_told_by_number() -> None:
    said = told(on("starter", quantity=4), seats(5)).explanation
    assert "You have the plan Starter 5 times, and it is switched on 4 times." in said


def test_where_it_can_only_be_read_a_person_switches_it_on() -> None:
    diagnosis = told(OFF, writable=False)
    assert diagnosis.recommended_action == "talk_to_human"
    assert "Ask a person, who switches it on." in diagnosis.explanation
    assert "sync_entitlement" not in [offer.name for offer in diagnosis.offers]


@pytest.mark.parametrize("plan", [subscription(), subscription("unpaid")])
def test_more_than_is_paid_for_alarms_nobody(plan: Json) -> None:
    diagnosis = told(on("enterprise"), plan)
    found = [one for one in diagnosis.findings if one.root_cause == "entitlement_surplus"]
    assert [(one.status, one.fix, one.alert) for one in found] == [
        ("green", None, "entitlement_surplus")
    ]
    assert "Nothing more is charged for it." in found[0].explanation
    assert found[0] not in diagnosis.problems
    assert "switched on" not in diagnosis.explanation
    assert "sync_entitlement" not in [offer.name for offer in diagnosis.offers]


def test_a_late_payment_is_told_of_and_nothing_of_what_is_off() -> None:
    diagnosis = told(OFF, *failed())
    assert diagnosis.root_cause == "insufficient_funds"
    assert "entitlement_missing" not in [one.root_cause for one in diagnosis.findings]


levels = st.integers(0, 3)
counts = st.none() | st.integers(0, 5)


@given(levels, counts, levels, counts)
def test_less_one_way_round_is_more_the_other(
    paid: int, bought: int | None, usable: int, counted: int | None
) -> None:
    one = Access(level=paid, quantity=bought)
    other = Access(level=usable, quantity=counted)
    opposite = {"uses_less": "uses_more", "uses_more": "uses_less"}
    said = compare(one, other)
    assert compare(other, one) == opposite.get(said, said)
    assert compare(one, one) == "uses_the_same"
    if paid == usable == 0:
        assert said == "uses_the_same", "nothing is nothing, however often"


def test_nothing_is_less_than_anything() -> None:
    assert compare(Access(level=1, quantity=0), NOTHING) == "uses_less"
    assert known(on("free", active=False), of_price(product="prod_free")).differs is False
    assert known(OFF, subscription(), as_of=NOW - timedelta(days=1)).differs
