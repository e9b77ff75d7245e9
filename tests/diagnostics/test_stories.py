"""What customers in different states are told, and what they are offered."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.diagnostics.stripe_json import (
    NOW,
    Json,
    card,
    charge,
    customer,
    diagnosed,
    failed,
    intent,
    invoice,
    invoice_payment,
    paid_invoice,
    seconds,
    session,
    subscription,
)
from tests.diagnostics.told import labels, lights

from prunella.diagnostics.diagnose import offers
from prunella.diagnostics.facts import ChargedBy, Source


def test_not_enough_money_is_told_as_the_page_shows_it() -> None:
    diagnosis = diagnosed(*failed(), paid_invoice())
    finding = diagnosis.findings[0]
    assert finding.title == "Your March payment did not go through"
    assert finding.happened == (
        "On Sunday 1 March we asked your bank for $3,665.04 for invoice TAI-2047. "
        "The bank said no: there was not enough money on the Visa card ending 0341."
    )
    assert finding.means == "No money has left your account. Nothing is switched off."
    assert finding.todo == (
        "Pay with another card. Or put money on this one: we try it again on Wednesday 4 March."
    )
    assert labels(diagnosis) == [
        "Pay $3,665.04",
        "Try the card ending 0341 again now",
        "Talk to a person",
    ]
    assert lights(diagnosis) == {
        "payment": ("Failed", "bad"),
        "card": ("Valid", "ok"),
        "plan": ("Active", "ok"),
        "usage": ("Not read", "wait"),
        "access": ("All on", "ok"),
    }


def test_the_answer_has_the_shape_of_the_contract() -> None:
    answer = diagnosed(*failed(), sources=[Source(name="stripe", as_of=NOW)]).to_json()
    assert answer["status"] == "red"
    assert answer["root_cause"] == "insufficient_funds"
    assert answer["recommended_action"] == "update_card"
    assert answer["self_serve_eligible"] is True
    assert answer["as_of"] == "2026-03-03T17:40:00+00:00"
    assert answer["sources"] == [
        {"name": "stripe", "as_of": "2026-03-03T17:40:00+00:00", "state": "mirror"}
    ]
    finding = answer["findings"][0]
    assert {"root_cause", "status", "explanation", "evidence", "fix"} <= set(finding)
    evidence = finding["evidence"]
    assert evidence["invoice"] == "in_march"
    assert evidence["charge"] == "ch_march"
    assert (evidence["amount"], evidence["currency"]) == (366504, "usd")
    assert evidence["at"] == "2026-03-01T16:05:00+00:00"


def test_all_in_order_says_so_and_shows_what_was_checked() -> None:
    diagnosis = diagnosed(paid_invoice())
    assert (diagnosis.status, diagnosis.root_cause) == ("green", "healthy")
    assert diagnosis.recommended_action is None
    assert diagnosis.explanation == "Nothing is late, and there is nothing to do."
    assert [finding.title for finding in diagnosis.findings] == [
        "Everything is in order",
        "Your last invoice is paid",
        "Your card is valid",
        "Your plan is active",
    ]
    assert labels(diagnosis) == ["Talk to a person"]


def test_a_customer_without_stripe_is_fine() -> None:
    diagnosis = diagnosed(bare=True)
    assert diagnosis.root_cause == "healthy"
    assert lights(diagnosis)["plan"] == ("None", "wait")


def test_with_stripe_down_the_answer_stays_and_says_as_of_when() -> None:
    down = Source(name="stripe", as_of=NOW - timedelta(hours=2), state="unreachable")
    diagnosis = diagnosed(paid_invoice(), sources=[down], as_of=down.as_of)
    answer = diagnosis.to_json()
    assert (answer["status"], answer["root_cause"]) == ("amber", "stripe_unreachable")
    assert answer["sources"][0]["state"] == "unreachable"
    assert answer["as_of"] == "2026-03-03T15:40:00+00:00"
    assert answer["explanation"] == (
        "We cannot ask Stripe, our payment partner, right now. "
        "What you see is from Tuesday 3 March, 9:40. Nothing is lost. "
        "There is nothing to do. This changes by itself as soon as Stripe answers again."
    )
    assert diagnosis.findings[1].title == "Your last invoice is paid"
    assert labels(diagnosis) == ["Talk to a person"]


def test_with_stripe_down_what_is_wrong_comes_first_and_the_outage_is_no_trouble_of_theirs() -> (
    None
):
    down = Source(name="stripe", as_of=None, state="unreachable")
    known = failed()
    diagnosis = diagnosed(*known, sources=[down])
    assert (diagnosis.status, diagnosis.root_cause) == ("red", "insufficient_funds")
    assert diagnosis.findings[1].root_cause == "stripe_unreachable"
    assert [one.root_cause for one in diagnosis.problems] == ["insufficient_funds"]
    assert lights(diagnosis) == lights(diagnosed(*known))
    assert diagnosis.explanation.endswith("as soon as Stripe answers again.")


def test_three_failures_of_one_invoice_are_one_finding_with_the_last_cause() -> None:
    times = [NOW - timedelta(days=days) for days in (6, 4, 2)]
    codes = ["insufficient_funds", "generic_decline", "expired_card"]
    charges = [
        charge(f"ch_{n}", at=at, decline_code=code)
        for n, (at, code) in enumerate(zip(times, codes, strict=True))
    ]
    diagnosis = diagnosed(subscription("past_due"), invoice(), invoice_payment(), *charges)
    assert [finding.root_cause for finding in diagnosis.problems] == ["card_expired"]
    assert diagnosis.findings[0].evidence["charge"] == "ch_2"
    assert diagnosis.findings[0].evidence["tries_in_30_days"] == 3


def test_a_late_plan_is_part_of_the_failed_payment() -> None:
    diagnosis = diagnosed(*failed())
    assert [finding.root_cause for finding in diagnosis.problems] == ["insufficient_funds"]
    assert diagnosis.findings[0].evidence["subscription_status"] == "past_due"


@pytest.mark.parametrize(
    ("status", "cause", "hurt"),
    [
        ("past_due", "subscription_past_due", "money_due"),
        ("unpaid", "subscription_unpaid", "service_off"),
        ("incomplete", "subscription_incomplete", "service_off"),
    ],
)
@pytest.mark.parametrize("known", [[], [invoice()]], ids=["without", "with its invoice"])
def test_a_plan_is_the_cause_when_nothing_explains_it_better(
    status: str,
    cause: str,
    hurt: str,
    known: list[Json],
) -> None:
    diagnosis = diagnosed(subscription(status), *known)
    assert [finding.root_cause for finding in diagnosis.problems] == [cause]
    assert diagnosis.findings[0].hurt == hurt
    assert diagnosis.recommended_action == "update_card"
    assert offers(diagnosis)[0].invoice == "in_march"


@pytest.mark.parametrize("status", ["past_due", "unpaid", "incomplete"])
def test_who_has_paid_is_not_asked_again_while_the_plan_still_reads_as_late(status: str) -> None:
    """The bill and the plan are told by two webhooks, in any order."""
    diagnosis = diagnosed(subscription(status), card(), paid_invoice("in_march"))
    assert not diagnosis.problems


def test_a_stopped_plan_comes_before_a_larger_debt() -> None:
    other = invoice(
        "in_small",
        number="TAI-1",
        amount_remaining=500,
        parent={"subscription_details": {"subscription": "sub_small"}},
    )
    small = [
        subscription("unpaid", id="sub_small"),
        other,
        invoice_payment("in_small", intent="pi_small"),
        charge("ch_small", payment_intent="pi_small", amount=500),
    ]
    diagnosis = diagnosed(*failed(), *small)
    assert [finding.invoice for finding in diagnosis.problems] == ["in_small", "in_march"]
    assert "Your plan is on hold until this is paid." in diagnosis.explanation
    assert lights(diagnosis)["plan"] == ("On hold", "bad")
    assert [offer.main for offer in offers(diagnosis)].count(True) == 1


def test_of_two_debts_the_larger_comes_first_and_then_the_older() -> None:
    def owed(name: str, amount: int, *, days_late: int) -> Json:
        return invoice(
            name,
            parent=None,
            collection_method="send_invoice",
            amount_remaining=amount,
            due_date=seconds(NOW - timedelta(days=days_late)),
        )

    one, two, three = (
        owed("in_1", 500, days_late=1),
        owed("in_2", 900, days_late=1),
        owed("in_3", 500, days_late=9),
    )
    diagnosis = diagnosed(one, two, three)
    assert [finding.invoice for finding in diagnosis.problems] == ["in_2", "in_3", "in_1"]


def test_many_problems_are_not_told_all_at_once() -> None:
    due = seconds(NOW - timedelta(days=1))
    bills = [
        invoice(f"in_{n}", number=f"TAI-{n}", collection_method="send_invoice", due_date=due)
        for n in range(9)
    ]
    diagnosis = diagnosed(*bills)
    assert len(diagnosis.problems) == 9
    assert diagnosis.explanation.endswith("Your page lists 6 more.")


def test_a_new_card_makes_the_next_try_the_main_button() -> None:
    new = customer(invoice_settings={"default_payment_method": "pm_4242"})
    diagnosis = diagnosed(
        *failed(decline_code="transaction_not_allowed"), new, card(), card("pm_4242", last4="4242")
    )
    main = offers(diagnosis)[0]
    assert (main.name, main.payment_method) == ("retry_payment", "pm_4242")
    assert main.label == "Pay $3,665.04 with the card ending 4242"
    assert "We try the Visa card ending 4242 on Wednesday 4 March." in diagnosis.explanation
    assert lights(diagnosis)["card"] == ("Valid", "ok")


def test_a_card_that_the_bank_renewed_may_be_tried() -> None:
    diagnosis = diagnosed(*failed(decline_code="expired_card"), card(exp_year=2031))
    assert diagnosis.recommended_action == "retry_payment"
    assert "Your bank has renewed the Visa card ending 0341." in diagnosis.explanation


def test_a_card_refused_before_is_not_called_new() -> None:
    """The customer tried another card by hand; the one in place had its hard no already."""
    by_hand = charge("ch_hand", at=NOW - timedelta(hours=2), method="pm_9999")
    diagnosis = diagnosed(*failed(decline_code="stop_payment_order"), by_hand)
    assert diagnosis.root_cause == "insufficient_funds"
    assert "retry_payment" not in [offer.name for offer in offers(diagnosis)]
    assert "Pay with another card." in diagnosis.explanation


def test_a_new_card_goes_into_the_field_that_failed() -> None:
    plan = subscription("past_due", default_payment_method="pm_0341")
    objects = [one for one in failed() if one["object"] != "subscription"]
    diagnosis = diagnosed(plan, *objects, customer(invoice_settings=None))
    assert offers(diagnosis)[0].charged_by == ChargedBy(
        field="subscription.default_payment_method", id="pm_0341"
    )
    assert diagnosis.findings[0].evidence["charged_by"] == "subscription.default_payment_method"


def test_after_fifteen_tries_in_thirty_days_nothing_is_tried_again() -> None:
    charges = [charge(f"ch_{n}", at=NOW - timedelta(days=1, hours=n)) for n in range(15)]
    diagnosis = diagnosed(subscription("past_due"), invoice(), invoice_payment(), *charges)
    assert "retry_payment" not in [offer.name for offer in offers(diagnosis)]
    assert "Pay with another card." in diagnosis.explanation
    fewer = diagnosed(subscription("past_due"), invoice(), invoice_payment(), *charges[:14])
    assert "retry_payment" in [offer.name for offer in offers(fewer)]


def test_no_try_is_promised_after_a_hard_no() -> None:
    """Stripe keeps counting up and keeps a date, yet tries nothing until there is a new card."""
    assert "Wednesday" not in diagnosed(*failed(decline_code="stolen_card")).explanation


def test_a_bank_that_did_not_answer_is_only_amber_while_we_try_again() -> None:
    trying = diagnosed(*failed(decline_code="processing_error"))
    assert (trying.status, trying.recommended_action) == ("amber", None)
    assert lights(trying)["payment"] == ("Retrying", "wait")
    assert "Pay $3,665.04 now" in labels(trying)
    given_up = [
        one | {"next_payment_attempt": None} if one["object"] == "invoice" else one
        for one in failed(decline_code="processing_error")
    ]
    stopped = diagnosed(*given_up)
    assert (stopped.status, stopped.recommended_action) == ("red", "retry_payment")


def test_a_payment_that_waits_for_the_bank_is_confirmed_with_one_button() -> None:
    waiting = intent(
        status="requires_action",
        payment_method="pm_0341",
        next_action={"type": "use_stripe_sdk"},
    )
    objects = [subscription("incomplete", created=seconds(NOW)), invoice(), invoice_payment()]
    diagnosis = diagnosed(*objects, waiting)
    assert diagnosis.root_cause == "authentication_required"
    assert diagnosis.findings[0].title == "Your bank wants you to confirm your March payment"
    assert offers(diagnosis)[0].label == "Confirm $3,665.04 with your bank"
    assert offers(diagnosis)[0].invoice == "in_march"
    assert lights(diagnosis)["payment"] == ("Confirm", "bad")
    assert "until Wednesday 4 March, 10:40." in diagnosis.explanation


@pytest.mark.parametrize("status", ["processing", "succeeded"])
def test_money_on_its_way_is_not_asked_for_twice(status: str) -> None:
    diagnosis = diagnosed(*failed(), intent(status=status))
    assert (diagnosis.status, diagnosis.root_cause) == ("amber", "payment_processing")
    assert labels(diagnosis) == ["Talk to a person"]


def test_a_payment_outside_any_invoice_is_a_finding_until_it_works() -> None:
    alone = charge(payment_intent="pi_alone")
    diagnosis = diagnosed(alone, intent("pi_alone"))
    assert diagnosis.root_cause == "insufficient_funds"
    assert diagnosis.recommended_action == "talk_to_human"
    assert diagnosis.findings[0].evidence["payment_intent"] == "pi_alone"
    paid = charge("ch_paid", at=NOW, payment_intent="pi_other", status="succeeded")
    assert diagnosed(alone, intent("pi_alone"), paid).status == "green"


def test_a_wrong_card_typed_into_an_open_page_is_no_finding() -> None:
    open_page = session(status="open", mode="payment", payment_intent="pi_alone", expires_at=None)
    assert (
        diagnosed(charge(payment_intent="pi_alone"), intent("pi_alone"), open_page).status
        == "green"
    )


def test_a_lone_charge_can_only_be_settled_by_a_person() -> None:
    diagnosis = diagnosed(charge(payment_intent=None))
    assert [offer.name for offer in offers(diagnosis)] == ["talk_to_human"]
    assert diagnosis.recommended_action == "talk_to_human"


@pytest.mark.parametrize(
    ("currency", "amount", "shown"),
    [
        ("jpy", 3665, "¥3,665"),
        ("kwd", 1234, "KWD\N{NO-BREAK SPACE}1.234"),
        ("ugx", 500, "UGX\N{NO-BREAK SPACE}5"),
    ],
)
def test_other_currencies_keep_their_decimals(currency: str, amount: int, shown: str) -> None:
    money: Json = {"currency": currency, "amount_remaining": amount}
    taken: Json = {"currency": currency, "amount": amount}
    diagnosis = diagnosed(invoice(**money), invoice_payment(), charge(**taken))
    assert f"we asked your bank for {shown} for" in diagnosis.explanation
    assert labels(diagnosis)[0] == f"Pay {shown}"


def test_a_deleted_customer_owes_nothing_here() -> None:
    gone = {"id": "cus_northbeck", "object": "customer", "deleted": True}
    assert diagnosed(gone, *failed()).status == "green"


def test_a_bank_account_is_not_called_a_card() -> None:
    account = {"type": "us_bank_account", "us_bank_account": {"last4": "6789"}}
    diagnosis = diagnosed(*failed(payment_method_details=account))
    assert "the bank account ending 6789" in diagnosis.explanation


def test_days_are_the_customers_own() -> None:
    late = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
    assert "On Sunday 1 March" in diagnosed(*failed(at=late)).explanation
    assert "On Monday 2 March" in diagnosed(*failed(at=late), time_zone="UTC").explanation
