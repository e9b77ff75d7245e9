"""Every root cause that Stripe can tell: what the customer sees, is offered, and never hears."""

from datetime import timedelta
from typing import Any, NamedTuple, get_args

import pytest
from tests.diagnostics.bills import BEGINS, billed, line, plan
from tests.diagnostics.stripe_json import (
    FEW_FIXES,
    NOW,
    Json,
    card,
    charge,
    customer,
    diagnosed,
    dispute,
    failed,
    intent,
    invoice,
    invoice_payment,
    refund,
    seconds,
    session,
    subscription,
    taken,
)

from prunella.diagnostics.findings import FixName, RootCause

EVERY_FIX: frozenset[FixName] = frozenset(get_args(FixName))
NO_CARD = customer(invoice_settings=None)
# What no customer may read, whatever the cause: codes, reasons of banks, Stripe's own states.
# fmt: off
NEVER = [
    "lost_or_stolen", "lost or stolen", "fraud", "insufficient_funds", "past_due", "incomplete",
    "needs_response", "charge_automatically", "send_invoice", "pause_collection", "declined",
    "cancellation_requested", "payment_failed", "requires_action", "re_pack", "dp_pack", "ch_pack",
    "ch_again", "sub_starter", "in_march", "risk",
]
# fmt: on


def days(number: float) -> int | None:
    return seconds(NOW + timedelta(days=number))


def trial(**changed: Any) -> Json:
    return subscription("trialing", trial_end=days(3), **changed)


def ended(reason: str | None, *, days_ago: int, **changed: Any) -> Json:
    why = {"reason": reason, "feedback": None, "comment": None}
    return subscription("canceled", ended_at=days(-days_ago), cancellation_details=why, **changed)


def stopped(**told: Any) -> tuple[Json, ...]:
    """Stripe has stopped trying by itself."""
    return tuple(one | {"next_payment_attempt": None} for one in failed(**told))


def by_invoice(*, due: float) -> Json:
    return invoice(
        collection_method="send_invoice",
        attempted=False,
        next_payment_attempt=None,
        due_date=days(due),
        created=days(due - 14),
        status_transitions={"finalized_at": days(due - 14), "paid_at": None},
    )


def again(**changed: Any) -> Json:
    """The same add-on, two minutes later."""
    return taken("ch_again", at=NOW - timedelta(days=9) + timedelta(minutes=2), **changed)


class Row(NamedTuple):
    """`offered`: all remedies besides a person, the main one in front of a bar.

    `few`: the main one where only a few fixes are possible.
    """

    cause: RootCause | str
    status: str
    given: tuple[Json, ...]
    says: str
    offered: str
    few: str | None


ROWS = [
    Row(
        "payment_method_missing",
        "red",
        (invoice(), NO_CARD),
        "We could not collect $3,665.04 for invoice TAI-2047: no card is saved.",
        "update_card | change_plan update_billing_details",
        "update_card",
    ),
    Row(
        "payment_method_missing",
        "amber",
        (subscription(), NO_CARD),
        "Your next payment, on Tuesday 31 March, cannot be collected.",
        "update_card | change_plan update_billing_details",
        "update_card",
    ),
    Row(
        "card_expired",
        "amber",
        (card(exp_year=2026, exp_month=2),),
        "Your plan is paid with the Visa card ending 0341, which has expired.",
        "update_card | change_plan update_billing_details",
        "update_card",
    ),
    Row(
        "card_expiring",
        "amber",
        (card(exp_year=2026, exp_month=3),),
        "which is valid to 03/2026. Your next payment, on Tuesday 31 March, still works.",
        "update_card | change_plan update_billing_details",
        "update_card",
    ),
    Row(
        "card_data_wrong",
        "red",
        failed(decline_code="incorrect_cvc"),
        "some details of the Visa card ending 0341 do not match",
        "update_card |",
        "update_card",
    ),
    Row(
        "insufficient_funds",
        "red",
        failed(),
        "Or put money on this one: we try it again on Wednesday 4 March.",
        "update_card | retry_payment retry_later",
        "update_card",
    ),
    Row(
        "insufficient_funds",
        "red",
        stopped(),
        "Or put money on this one, and try it again.",
        "update_card | retry_payment retry_later",
        "update_card",
    ),
    Row(
        "bank_declined",
        "red",
        failed(decline_code="do_not_honor"),
        "Or ask your bank why: we try it again on Wednesday 4 March.",
        "update_card | retry_payment retry_later",
        "update_card",
    ),
    Row(
        "bank_declined",
        "red",
        stopped(decline_code="stolen_card"),
        "Your bank declined the payment. Use another payment method.",
        "update_card |",
        "update_card",
    ),
    Row(
        "authentication_required",
        "red",
        failed(decline_code="authentication_required"),
        "Confirm it with your bank.",
        "confirm_payment | update_card",
        "confirm_payment",
    ),
    Row(
        "consent_withdrawn",
        "red",
        failed(decline_code="stop_payment_order"),
        "To end your plan, tell a person.",
        "update_card |",
        "update_card",
    ),
    Row(
        "insufficient_funds",
        "red",
        (charge(payment_intent="pi_alone"), intent("pi_alone")),
        "Ask a person, who settles it with you.",
        "talk_to_human | change_plan update_billing_details",
        "talk_to_human",
    ),
    Row(
        "payment_processing",
        "amber",
        (*failed(), intent(status="processing")),
        "There is nothing to do. This page changes by itself.",
        "|",
        None,
    ),
    Row(
        "payment_link_expired",
        "red",
        (session(), subscription("canceled", ended_at=days(-90))),
        "The page to pay $2,500.00 closed on Monday 2 March",
        "regenerate_link |",
        "regenerate_link",
    ),
    Row(
        "payment_link_expired",
        "red",
        (by_invoice(due=-31),),
        "Get a new link, and pay with it.",
        "regenerate_link | resend_invoice change_plan update_billing_details",
        "regenerate_link",
    ),
    Row(
        "invoice_overdue",
        "red",
        (by_invoice(due=-3),),
        "which was due on Saturday 28 February.",
        "regenerate_link | resend_invoice change_plan update_billing_details",
        "regenerate_link",
    ),
    Row(
        "subscription_past_due",
        "red",
        (subscription("past_due"),),
        "A payment for your plan is late.",
        "update_card |",
        "update_card",
    ),
    Row(
        "subscription_unpaid",
        "red",
        (subscription("unpaid"),),
        "Choose a card and pay, and your plan is on again.",
        "update_card |",
        "update_card",
    ),
    Row(
        "subscription_incomplete",
        "red",
        (subscription("incomplete", created=days(-0.2)),),
        "Your plan starts as soon as this is paid, until Wednesday 4 March, 5:52.",
        "update_card |",
        "update_card",
    ),
    Row(
        "subscription_paused",
        "amber",
        (subscription("paused", trial_end=days(-3)),),
        "Start it again with one click.",
        "resume_subscription | update_card",
        "talk_to_human",
    ),
    Row(
        "subscription_paused",
        "amber",
        (subscription("paused", trial_end=days(-3)), NO_CARD),
        "Your trial ended on Saturday 28 February without a card, so your plan is paused.",
        "update_card |",
        "update_card",
    ),
    Row(
        "subscription_paused",
        "amber",
        (subscription(pause_collection={"behavior": "void", "resumes_at": days(20)}),),
        "We do not collect payments for your plan until Monday 23 March.",
        "| resume_subscription",
        None,
    ),
    Row(
        "subscription_canceled",
        "amber",
        (ended("cancellation_requested", days_ago=13),),
        "Your plan was cancelled, and ended on Wednesday 18 February.",
        "|",
        None,
    ),
    Row(
        "subscription_canceled",
        "red",
        (ended("payment_failed", days_ago=13),),
        "Your plan ended on Wednesday 18 February, because its payment did not arrive.",
        "talk_to_human |",
        "talk_to_human",
    ),
    Row(
        "healthy",
        "green",
        (ended("cancellation_requested", days_ago=130),),
        "Nothing is late, and there is nothing to do.",
        "|",
        None,
    ),
    Row(
        "healthy",
        "green",
        (subscription(cancel_at_period_end=True),),
        "Nothing is late, and there is nothing to do.",
        "| resume_subscription",
        None,
    ),
    Row(
        "trial_ending",
        "amber",
        (trial(),),
        "On that day we take $2,500.00 from the Visa card ending 0341, and your plan goes on.",
        "| change_plan",
        None,
    ),
    Row(
        "trial_ending",
        "amber",
        (trial(), NO_CARD),
        "No card is saved, so the first payment cannot be collected.",
        "update_card | change_plan",
        "update_card",
    ),
    Row(
        "trial_ending",
        "amber",
        (trial(), card(exp_year=2026, exp_month=2)),
        "By then the Visa card ending 0341 has run out",
        "update_card | change_plan",
        "update_card",
    ),
    Row(
        "duplicate_charge",
        "red",
        (taken(), again()),
        "we took $40.00 twice for the same thing, 2 minutes apart.",
        "refund_duplicate | change_plan update_billing_details",
        "talk_to_human",
    ),
    Row(
        "invoice_miscalculated",
        "red",
        (plan(), *billed(1), *billed(2, days=2)),
        "The mistake was ours, and $60.00 is yours to have back.",
        "refund_overcharge | credit_overcharge update_billing_details change_plan",
        "talk_to_human",
    ),
    Row(
        "invoice_miscalculated",
        "red",
        (plan(), *billed(1, line(amount=7000))),
        "It bills $70.00. But 3 times 20.00 makes $60.00.",
        "refund_overcharge | credit_overcharge update_billing_details change_plan",
        "talk_to_human",
    ),
    Row(
        "invoice_miscalculated",
        "red",
        (plan("canceled", ended_at=seconds(BEGINS)), *billed(1)),
        "The invoice bills the time after it, Sunday 1 February to Sunday 1 March.",
        "refund_overcharge | update_billing_details",
        "talk_to_human",
    ),
    Row(
        "dispute_open",
        "amber",
        (taken(disputed=True), dispute()),
        "On Sunday 1 March your bank took $40.00 back for the Visa card ending 0341.",
        "talk_to_human | change_plan update_billing_details",
        "talk_to_human",
    ),
    Row(
        "dispute_open",
        "amber",
        (taken(), dispute("warning_needs_response")),
        "No money has moved.",
        "talk_to_human | change_plan update_billing_details",
        "talk_to_human",
    ),
    Row(
        "refund_pending",
        "amber",
        (taken(amount_refunded=4000), refund("pending")),
        "Banks take 5 to 10 days, so you have it by Wednesday 11 March.",
        "| change_plan update_billing_details",
        None,
    ),
    Row(
        "refund_pending",
        "amber",
        (taken(amount_refunded=4000), refund("pending", days_ago=11)),
        "It takes longer than the 5 to 10 days that banks need.",
        "talk_to_human | change_plan update_billing_details",
        "talk_to_human",
    ),
    Row(
        "refund_failed",
        "red",
        (taken(), refund("failed")),
        "On Sunday 1 March we sent $40.00 back to the Visa card ending 0341. "
        "It did not arrive there and came back to us.",
        "talk_to_human | change_plan update_billing_details",
        "talk_to_human",
    ),
]
IDS = [f"{number}-{row.cause}-{row.status}" for number, row in enumerate(ROWS)]


def test_every_cause_has_its_row() -> None:
    """An outage, or what another system says, is nothing that Stripe's objects tell."""
    elsewhere = {"stripe_unreachable", "entitlement_missing", "entitlement_surplus"}
    assert {row.cause for row in ROWS} == set(get_args(RootCause)) - elsewhere


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_what_a_customer_sees(row: Row) -> None:
    diagnosis = diagnosed(*row.given, possible=EVERY_FIX)
    assert (diagnosis.root_cause, diagnosis.status) == (row.cause, row.status)
    assert row.says in diagnosis.explanation


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_what_is_offered_where_everything_is_possible(row: Row) -> None:
    diagnosis = diagnosed(*row.given, possible=EVERY_FIX)
    main, _, others = row.offered.partition("|")
    acts = [offer for offer in diagnosis.offers if offer.name != "talk_to_human"]
    assert (diagnosis.recommended_action or "") == main.strip()
    assert [offer.name for offer in acts if not offer.main] == others.split()
    assert diagnosis.offers[-1].name == "talk_to_human"
    assert len({offer.label for offer in diagnosis.offers}) == len(diagnosis.offers)


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_where_little_is_possible_each_offer_leads_somewhere(row: Row) -> None:
    diagnosis = diagnosed(*row.given)
    assert diagnosis.recommended_action == row.few
    assert {offer.name for offer in diagnosis.offers} <= FEW_FIXES
    assert "one click" not in diagnosis.explanation


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_what_is_never_said(row: Row) -> None:
    diagnosis = diagnosed(*row.given, possible=EVERY_FIX)
    shown = [offer.label for offer in diagnosis.offers]
    shown += [check.word for check in diagnosis.meter]
    shown += [part for one in diagnosis.findings for part in (one.title, one.explanation)]
    said = " ".join(shown).replace("Your bank declined the payment.", "").lower()
    assert [word for word in NEVER if word in said] == []


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_a_meter_that_is_not_green_shows_a_light_that_is_not(row: Row) -> None:
    diagnosis = diagnosed(*row.given)
    states = {check.state for check in diagnosis.meter if check.check not in {"usage", "access"}}
    worst = {"red": {"bad"}, "amber": {"warn", "wait"}, "green": {"ok", "wait"}}[row.status]
    assert states & worst, diagnosis.meter
    assert row.status == "red" or "bad" not in states


def test_why_a_refund_did_not_arrive_stays_with_us() -> None:
    for possible in (FEW_FIXES, EVERY_FIX):
        answer = diagnosed(taken(), refund("failed"), possible=possible)
        assert "stolen" not in str((answer.to_json(), answer.offers, answer.meter))


def test_what_hurts_most_is_told_first() -> None:
    diagnosis = diagnosed(
        *failed(),
        taken(),
        again(),
        taken("ch_old", at=NOW - timedelta(days=20), amount=900),
        refund("pending", charge="ch_old", amount=900),
        by_invoice(due=-3) | {"id": "in_sent", "parent": None, "amount_remaining": 100},
    )
    assert [one.root_cause for one in diagnosis.problems] == [
        "insufficient_funds",
        "duplicate_charge",
        "invoice_overdue",
        "refund_pending",
    ]


def test_a_refund_that_arrived_long_ago_is_no_longer_spoken_of() -> None:
    def titles(days_ago: float) -> list[str]:
        known = diagnosed(taken(), refund(days_ago=days_ago))
        return [one.title for one in known.findings]

    assert "Your money is on its way back" in titles(2)
    assert "We sent money back to you" in titles(12)
    assert len(titles(31)) == len(titles(2)) - 1


def test_a_refund_that_was_sent_again_is_settled() -> None:
    later = refund(id="re_again", days_ago=1)
    assert diagnosed(taken(), refund("failed"), later).status == "green"


@pytest.mark.parametrize("status", ["won", "lost", "warning_closed", "prevented"])
def test_what_the_bank_has_decided_is_over(status: str) -> None:
    assert diagnosed(taken(), dispute(status)).status == "green"


def test_the_day_by_which_the_bank_wants_evidence_is_for_us_alone() -> None:
    diagnosis = diagnosed(taken(), dispute())
    assert diagnosis.alerts == ("dispute dp_pack wants evidence by 2026-03-15T17:40:00+00:00",)
    assert "2026-03-15" not in str(diagnosis.to_json())


def test_a_plan_that_ended_is_forgotten_where_another_runs() -> None:
    old = ended("payment_failed", days_ago=3, id="sub_old", created=days(-100))
    assert diagnosed(old, subscription(created=days(-2))).status == "green"


def test_an_end_without_a_reason_is_read_from_what_the_plan_was() -> None:
    plan = ended(None, days_ago=3)
    assert diagnosed(plan).status == "amber"
    assert diagnosed(plan, statuses_before={"sub_starter": "unpaid"}).status == "red"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"missing_payment_method": "pause"}, "so your plan is paused from then on"),
        ({"missing_payment_method": "cancel"}, "so your plan ends with it"),
        ({"missing_payment_method": "create_invoice"}, "the first payment cannot be collected"),
    ],
)
def test_a_trial_without_a_card_says_what_follows(changed: Json, says: str) -> None:
    plan = trial(trial_settings={"end_behavior": changed})
    assert says in diagnosed(plan, NO_CARD).explanation


def test_a_trial_paid_by_invoice_asks_for_no_card() -> None:
    diagnosis = diagnosed(trial(collection_method="send_invoice"), NO_CARD)
    assert "After that we send you an invoice for $2,500.00." in diagnosis.explanation
    assert diagnosis.recommended_action is None


@pytest.mark.parametrize("more", [{"cancel_at_period_end": True}, {"cancel_at": days(3)}])
def test_a_trial_that_was_called_off_alarms_nobody(more: Json) -> None:
    assert diagnosed(trial(**more), NO_CARD).status == "green"


def test_a_trial_that_ends_in_eight_days_can_wait() -> None:
    assert diagnosed(subscription("trialing", trial_end=days(8)), NO_CARD).status == "green"


def yearly(end: float) -> Json:
    items = subscription()["items"]
    item = items["data"][0] | {"current_period_end": days(end)}
    return subscription(items={"object": "list", "data": [item]})


@pytest.mark.parametrize(
    ("exp_month", "next_in", "says"),
    [
        (3, 45, "may not go through"),
        (3, 10, "still works. The one after that does not."),
        (4, 59, "Your next payment, on Friday 1 May, may not go through."),
        (4, 57, ""),
        (6, 200, ""),
    ],
)
def test_a_card_runs_out_before_the_payment_that_needs_it(
    exp_month: int,
    next_in: float,
    says: str,
) -> None:
    diagnosis = diagnosed(yearly(next_in), card(exp_year=2026, exp_month=exp_month))
    assert (diagnosis.root_cause == "card_expiring") is bool(says)
    assert says in diagnosis.explanation


def test_notices_know_to_the_hour_when_a_card_runs_out() -> None:
    finding = diagnosed(card(exp_year=2026, exp_month=3)).findings[0]
    assert str(finding.evidence["expires_at"]) == "2026-04-01 05:00:00+00:00"
    assert diagnosed(card(exp_year=2026, exp_month=12)).status == "green"


def test_what_stripe_only_draws_up_ahead_of_time_is_no_invoice() -> None:
    diagnosis = diagnosed(invoice("upcoming_in_1abc"), invoice_payment("upcoming_in_1abc"))
    assert diagnosis.status == "green"
    assert "upcoming_in_" not in str(diagnosis.to_json())
