"""Staff can see how a diagnosis came about: what was known, what was asked, what followed."""

from datetime import timedelta

from tests.diagnostics.stripe_json import (
    CUSTOMER,
    NOW,
    facts,
    failed,
    invoice,
    refund,
    subscription,
    taken,
    words,
)

from prunella.diagnostics import Explanation, diagnose, explain
from prunella.diagnostics.facts import Facts


def explained(known: Facts) -> Explanation:
    return explain(known, words())


def whys(explanation: Explanation, rule: str) -> dict[str, str]:
    return {one.subject: one.why for one in explanation.verdicts if one.rule == rule}


def test_it_is_the_same_judgement() -> None:
    known = facts(*failed(), taken(), refund("failed"))
    assert explained(known).diagnosis == diagnose(known, words())


def test_a_rule_that_fired_shows_its_finding_and_its_reason() -> None:
    known = explained(facts(*failed()))
    (fired,) = [one for one in known.verdicts if one.rule == "open_invoice"]
    assert fired.fired
    assert fired.subject == "in_march"
    assert fired.why == "The newest try did not go through; its decline says the rest."
    assert fired.finding is known.diagnosis.findings[0]


def test_a_rule_that_did_not_fire_says_why_not() -> None:
    again = taken("ch_again", at=NOW - timedelta(days=9, minutes=-5), description="Barcode pack")
    known = explained(facts(taken(), again, invoice(status="void"), subscription("canceled")))
    assert whys(known, "open_invoice") == {"in_march": "It is not open, or nothing is left to pay."}
    assert whys(known, "charged_twice") == {
        "ch_pack": "No other payment of this amount lies within 15 minutes before it.",
        "ch_again": "One of this amount came shortly before, but not for the same thing.",
    }


def test_every_fact_is_listed_with_the_rules_that_used_it() -> None:
    known = explained(facts(*failed()))
    by_id = {fact.id: fact for fact in known.facts}
    assert set(by_id) == {CUSTOMER, "pm_0341", "sub_starter", "in_march", "ch_march"}
    assert by_id["in_march"].values["status"] == "open"
    assert by_id["ch_march"].values["decline_code"] == "insufficient_funds"
    assert by_id["ch_march"].used_by == ("open_invoice",)
    assert "plan_late" in by_id["sub_starter"].used_by


def test_an_address_that_pays_is_not_among_the_facts() -> None:
    assert "secret" not in str(explained(facts(*failed())).to_json())


def test_it_can_be_written_down() -> None:
    told = explained(facts(*failed())).to_json()
    assert told["customer"] == CUSTOMER
    assert told["diagnosis"]["root_cause"] == "insufficient_funds"
    march = next(fact for fact in told["facts"] if fact["id"] == "in_march")
    assert march["values"]["remaining"] == {"amount": 366504, "currency": "usd"}
    assert march["values"]["finalized_at"] == "2026-03-01T16:05:00+00:00"


def test_of_a_deleted_customer_one_thing_is_said() -> None:
    gone = {"id": CUSTOMER, "object": "customer", "deleted": True}
    (only,) = explained(facts(gone, *failed())).verdicts
    assert (only.rule, only.why) == ("customer", "The customer was deleted at Stripe.")
