"""Stripe's JSON becomes facts; what is missing is None and never a crash."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.diagnostics.stripe_json import (
    ASKED,
    CUSTOMER,
    NOW,
    Json,
    card,
    charge,
    customer,
    facts,
    failed,
    intent,
    invoice,
    invoice_payment,
    seconds,
    session,
    subscription,
)

from prunella.diagnostics.facts import ChargedBy, Facts
from prunella.diagnostics.parse import facts_from
from prunella.kit.money import Money


def charged(*objects: Json) -> ChargedBy | None:
    known = facts(*objects, invoice())
    return known.charged_for(known.invoices[0])


def test_nothing_known_is_nothing_assumed() -> None:
    assert facts_from({}, customer=CUSTOMER, now=NOW) == Facts(customer=CUSTOMER, now=NOW)


def test_the_profile_is_believed_before_stripe() -> None:
    assert facts(name="Northbeck").name == "Northbeck"
    assert facts().name == "Northbeck Outfitters"
    assert facts().email == "pay@northbeck.example"


@pytest.mark.parametrize("zone", ["", "Middle/Earth", "../etc", "/etc/passwd", "Europe", None])
def test_a_zone_that_does_not_exist_is_utc(zone: str | None) -> None:
    assert facts(time_zone=zone).time_zone == "UTC"


def test_a_charge_finds_its_invoice_through_the_invoice_payment() -> None:
    (attempt,) = facts(*failed()).attempts
    assert (attempt.invoice, attempt.payment_intent) == ("in_march", "pi_march")
    assert attempt.amount == Money(366504, "usd")
    assert attempt.at == ASKED


def test_expanded_objects_are_as_good_as_ids() -> None:
    linked = invoice_payment() | {
        "invoice": invoice(),
        "payment": {"type": "payment_intent", "payment_intent": intent()},
    }
    known = facts(linked, invoice(), charge(payment_intent=intent()))
    assert known.attempts[0].invoice == "in_march"


def test_an_invoice_may_bring_its_payments_along() -> None:
    payments = {"object": "list", "data": [invoice_payment()]}
    assert facts(invoice(payments=payments), charge()).attempts[0].invoice == "in_march"


def test_events_of_older_api_versions_link_the_old_way() -> None:
    old = invoice(parent=None, subscription="sub_starter", payment_intent="pi_march")
    known = facts(old, charge())
    assert known.attempts[0].invoice == "in_march"
    assert known.invoices[0].subscription == "sub_starter"


def test_periods_and_prices_stand_on_the_items() -> None:
    plan = facts(subscription()).subscriptions[0]
    assert plan.current_period_end == datetime(2026, 4, 1, tzinfo=UTC)
    assert plan.amount == Money(250000, "usd")
    assert (plan.product, plan.price) == ("prod_starter", "price_starter")


def test_the_invoice_comes_before_the_plan_and_the_plan_before_the_customer() -> None:
    default = customer(default_source="card_old")
    plan = subscription(default_payment_method="pm_plan", default_source="card_plan")
    assert charged(default, plan) == ChargedBy(
        field="subscription.default_payment_method", id="pm_plan"
    )
    assert charged(default, subscription(default_source="card_plan")) == ChargedBy(
        field="subscription.default_source", id="card_plan"
    )
    assert charged(default) == ChargedBy(
        field="customer.invoice_settings.default_payment_method", id="pm_0341"
    )
    none_set = customer(default_source="card_old", invoice_settings={})
    assert charged(none_set) == ChargedBy(field="customer.default_source", id="card_old")
    assert charged(customer(invoice_settings=None)) is None


def test_an_invoice_with_a_method_of_its_own_is_charged_with_that() -> None:
    known = facts(subscription(default_payment_method="pm_plan"), invoice(default_source="card_1"))
    assert known.charged_for(known.invoices[0]) == ChargedBy(
        field="invoice.default_source", id="card_1"
    )


def test_old_cards_among_the_customers_sources_are_cards() -> None:
    source = {"id": "card_1", "object": "card", "brand": "Visa", "last4": "4242"}
    known = facts(customer(sources={"object": "list", "data": [source]}), bare=True)
    assert known.method("card_1") is not None


def test_the_charge_is_evidence_after_the_intent_has_forgotten() -> None:
    (attempt,) = facts(*failed(), intent(last_payment_error=None)).attempts
    assert (attempt.code, attempt.decline_code) == ("card_declined", "insufficient_funds")


def test_the_intent_adds_what_the_charge_does_not_say() -> None:
    error = {"charge": "ch_march", "decline_code": "lost_card", "advice_code": "do_not_try_again"}
    silent = charge(decline_code=None)
    (attempt,) = facts(
        invoice(), invoice_payment(), silent, intent(last_payment_error=error)
    ).attempts
    assert (attempt.decline_code, attempt.advice_code) == ("lost_card", "do_not_try_again")


def test_the_error_of_another_charge_is_not_borrowed() -> None:
    error = {"charge": "ch_elsewhere", "code": "card_declined", "decline_code": "lost_card"}
    known = facts(charge(), intent(last_payment_error=error))
    assert [one.decline_code for one in known.attempts] == ["insufficient_funds", "lost_card"]


def test_an_intent_that_waits_for_the_customer_outranks_its_failed_charge() -> None:
    waiting = intent(status="requires_action", payment_method="pm_0341")
    known = facts(invoice(), invoice_payment(), charge(at=NOW - timedelta(hours=1)), waiting)
    assert [one.outcome for one in known.attempts] == ["failed", "requires_action"]


def test_a_risk_rule_is_not_taken_for_a_decline_code() -> None:
    (attempt,) = facts(*failed(decline_code="highest_risk_level", outcome_type="blocked")).attempts
    assert attempt.decline_code is None
    assert attempt.outcome_type == "blocked"


def test_a_cancelled_intent_is_no_attempt() -> None:
    gone = intent(status="canceled", last_payment_error={"code": "card_declined"})
    assert facts(gone).attempts == ()


def test_the_address_that_lets_its_holder_pay_is_not_printed() -> None:
    known = facts(invoice(), session())
    assert known.invoices[0].hosted_url == "https://invoice.stripe.example/i/secret"
    assert "secret" not in repr(known)
    assert "pay.example" not in repr(known)


def test_a_link_lasts_30_days_after_the_due_date_and_120_at_most() -> None:
    final = datetime(2026, 1, 1, tzinfo=UTC)
    made: Json = {"status_transitions": {"finalized_at": seconds(final)}}

    def ends(**changed: Any) -> datetime | None:
        return facts(invoice(**(made | changed))).invoices[0].link_expires_at

    assert ends() == final + timedelta(days=30)
    assert ends(due_date=seconds(final + timedelta(days=14))) == final + timedelta(days=44)
    assert ends(due_date=seconds(final + timedelta(days=200))) == final + timedelta(days=120)


def test_a_link_read_again_lasts_ten_days_more() -> None:
    old = invoice(status_transitions={"finalized_at": seconds(NOW - timedelta(days=90))})
    known = facts(old, links_renewed={"in_march": NOW})
    assert known.invoices[0].link_expires_at == NOW + timedelta(days=10)


def test_a_deleted_customer_is_known_to_be_deleted() -> None:
    gone = {"id": CUSTOMER, "object": "customer", "deleted": True}
    assert facts(gone, bare=True).deleted


@pytest.mark.parametrize(
    "wrong",
    [
        invoice(amount_remaining="much", currency="dollars", created="yesterday"),
        invoice(amount_remaining=10**30, due_date=10**18, status_transitions=[]),
        invoice(amount_remaining=True, parent="none", lines=None),
        subscription(items={"data": "none"}, created=-1),
        subscription(items={"data": [None, 5, {"price": None}]}),
        customer(invoice_settings="none", sources=[]),
        card(exp_year="2027", exp_month=None),
        charge(status="strange"),
        charge(outcome=None, payment_method_details=None, created=None),
        charge(payment_method_details={"type": 5}),
        intent(last_payment_error="none", status=None),
        invoice_payment(payment=None),
        session(after_expiration={"recovery": None}, expires_at=None),
        {"object": "invoice"},
        {"object": "charge", "id": 5},
    ],
)
def test_what_is_misshapen_is_left_out(wrong: Json) -> None:
    assert facts(wrong).customer == CUSTOMER
