"""Cards, links, due dates: what is told before or beside a failed payment."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.diagnostics.stripe_json import (
    NOW,
    Json,
    card,
    charge,
    customer,
    diagnosed,
    facts,
    intent,
    invoice,
    invoice_payment,
    seconds,
    session,
    subscription,
    words,
)
from tests.diagnostics.told import lights

from prunella.diagnostics.diagnose import diagnose, offers


def test_no_card_for_an_invoice_that_is_due() -> None:
    diagnosis = diagnosed(invoice(), customer(invoice_settings=None))
    assert (diagnosis.status, diagnosis.root_cause) == ("red", "payment_method_missing")
    assert offers(diagnosis)[0].label == "Add a card and pay $3,665.04"
    assert lights(diagnosis)["card"] == ("None", "bad")


def test_no_card_before_the_next_payment_is_amber() -> None:
    diagnosis = diagnosed(subscription(), customer(invoice_settings=None))
    assert (diagnosis.status, diagnosis.root_cause) == ("amber", "payment_method_missing")
    assert "Tuesday 31 March" in diagnosis.explanation


@pytest.mark.parametrize(
    "plan",
    [
        subscription(collection_method="send_invoice"),
        subscription(cancel_at_period_end=True),
        subscription("trialing", trial_end=seconds(NOW + timedelta(days=20))),
    ],
)
def test_a_plan_that_takes_nothing_needs_no_card(plan: Json) -> None:
    assert diagnosed(plan, customer(invoice_settings=None)).status == "green"


def test_a_card_that_has_run_out_is_seen_before_it_fails() -> None:
    diagnosis = diagnosed(card(exp_year=2026, exp_month=2))
    assert (diagnosis.status, diagnosis.root_cause) == ("amber", "card_expired")
    assert lights(diagnosis)["card"] == ("Expired", "warn")


def test_a_card_is_good_to_the_end_of_its_month() -> None:
    assert diagnosed(card(exp_year=2026, exp_month=3)).root_cause == "card_expiring"
    assert diagnosed(card(exp_year=2026, exp_month=2)).root_cause == "card_expired"


def test_the_month_of_a_card_ends_where_the_customer_is() -> None:
    """The notices ahead count the same days."""
    first = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
    known = replace(facts(card(exp_year=2026, exp_month=2)), now=first)
    here = diagnose(replace(known, time_zone="America/Chicago"), words())
    there = diagnose(replace(known, time_zone="Europe/Berlin"), words())
    assert (here.root_cause, there.root_cause) == ("card_expiring", "card_expired")
    assert lights(here)["card"] == ("Expiring", "warn")
    assert lights(there)["card"] == ("Expired", "warn")


def sent(*, due: timedelta) -> Json:
    return invoice(
        collection_method="send_invoice",
        attempted=False,
        due_date=seconds(NOW + due),
        created=seconds(NOW + due - timedelta(days=14)),
        next_payment_attempt=None,
        status_transitions={"finalized_at": seconds(NOW + due - timedelta(days=14))},
    )


def test_an_invoice_that_is_not_due_yet_is_fine() -> None:
    diagnosis = diagnosed(sent(due=timedelta(days=3)))
    assert diagnosis.status == "green"
    told = [finding.happened for finding in diagnosis.findings]
    assert "You have invoice TAI-2047 for $3,665.04, due on Friday 6 March." in told


def test_an_invoice_past_its_day_is_overdue() -> None:
    diagnosis = diagnosed(sent(due=-timedelta(days=3)))
    assert (diagnosis.status, diagnosis.root_cause) == ("red", "invoice_overdue")
    assert offers(diagnosis)[0].name == "regenerate_link"
    assert offers(diagnosis)[0].label == "Pay $3,665.04"


def test_a_closed_invoice_page_is_opened_again() -> None:
    diagnosis = diagnosed(sent(due=-timedelta(days=31)))
    assert diagnosis.root_cause == "payment_link_expired"
    assert offers(diagnosis)[0].label == "Get a new link"
    renewed = diagnosed(sent(due=-timedelta(days=31)), links_renewed={"in_march": NOW})
    assert renewed.root_cause == "invoice_overdue"


def test_a_closed_checkout_page_is_opened_again() -> None:
    diagnosis = diagnosed(session(), subscription("canceled"))
    assert (diagnosis.status, diagnosis.root_cause) == ("red", "payment_link_expired")
    assert offers(diagnosis)[0].label == "Get a new link"
    assert offers(diagnosis)[0].checkout_session == "cs_1"


def test_a_closed_page_is_only_amber_while_a_plan_runs() -> None:
    assert diagnosed(session(mode="payment")).status == "amber"


@pytest.mark.parametrize(
    "later",
    [
        session("cs_2", status="complete", payment_status="paid", created=seconds(NOW)),
        session(
            "cs_2", status="open", created=seconds(NOW), expires_at=seconds(NOW + timedelta(1))
        ),
        session(
            "cs_2", status="open", created=seconds(NOW), recovered_from="cs_1", expires_at=None
        ),
        subscription(created=seconds(NOW)),
    ],
)
def test_a_closed_page_that_something_replaced_is_forgotten(later: Json) -> None:
    assert diagnosed(session(), later).status == "green"


def test_a_page_closed_long_ago_is_forgotten() -> None:
    assert diagnosed(session(expires_at=seconds(NOW - timedelta(days=31)))).status == "green"


def test_a_first_payment_that_was_never_finished_leads_to_a_person() -> None:
    lapsed = subscription("incomplete_expired", created=seconds(NOW - timedelta(days=2)))
    diagnosis = diagnosed(lapsed)
    assert diagnosis.root_cause == "subscription_incomplete"
    assert diagnosis.recommended_action == "talk_to_human"
    assert diagnosis.self_serve_eligible is False


def test_an_invoice_about_to_be_charged_is_fine() -> None:
    fresh = invoice(
        attempted=False, attempt_count=0, next_payment_attempt=seconds(NOW + timedelta(0, 60))
    )
    diagnosis = diagnosed(fresh)
    assert diagnosis.status == "green"
    assert "We collect it on Tuesday 3 March." in str(diagnosis.to_json())


def test_an_automatic_invoice_that_nobody_charges_is_overdue() -> None:
    old = seconds(NOW - timedelta(days=3))
    forgotten = invoice(
        attempted=False,
        next_payment_attempt=None,
        created=old,
        status_transitions={"finalized_at": old},
    )
    assert diagnosed(forgotten).root_cause == "invoice_overdue"


@pytest.mark.parametrize("status", ["paid", "void", "uncollectible", "draft"])
def test_an_invoice_that_is_not_open_is_not_asked_for(status: str) -> None:
    objects = [invoice(status=status), invoice_payment(), intent(status="canceled"), charge()]
    assert diagnosed(*objects).status == "green"
