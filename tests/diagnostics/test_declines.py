"""Every decline code in its class, with its cause, its words and whether a retry may happen."""

from typing import NamedTuple

import pytest
from tests.diagnostics.stripe_json import card, customer, diagnosed, failed, intent

from prunella.diagnostics.declines import DECLINES, decline_of
from prunella.diagnostics.facts import Attempt
from prunella.diagnostics.findings import Diagnosis, Finding

CONCEALED = "Your bank declined the payment. Use another payment method."


class Row(NamedTuple):
    codes: str
    decline_class: str
    root_cause: str
    retry: bool
    says: str
    main: str | None = "update_card"


# facts: "Decline codes", row by row; * is what Stripe itself never retries.
TABLE = [
    Row(
        "fraudulent lost_card* stolen_card* merchant_blacklist "
        "pickup_card* restricted_card security_violation",
        "conceal",
        "bank_declined",
        retry=False,
        says=CONCEALED,
    ),
    Row(
        "authentication_required* authentication_not_handled mobile_device_authentication_required",
        "needs_customer",
        "authentication_required",
        retry=False,
        says="Confirm it with your bank.",
        main="confirm_payment",
    ),
    Row(
        "revocation_of_authorization* revocation_of_all_authorizations* stop_payment_order",
        "consent_withdrawn",
        "consent_withdrawn",
        retry=False,
        says="To end your plan, tell a person.",
    ),
    Row("expired_card", "card_data", "card_expired", retry=False, says="has expired"),
    Row(
        "incorrect_number* invalid_number incorrect_cvc invalid_cvc incorrect_zip "
        "incorrect_address invalid_expiry_month invalid_expiry_year",
        "card_data",
        "card_data_wrong",
        retry=False,
        says="Enter the card again, or choose another one.",
    ),
    Row(
        "transaction_not_allowed* invalid_account new_account_information_available "
        "card_not_supported currency_not_supported not_permitted service_not_allowed "
        "do_not_try_again",
        "hard",
        "bank_declined",
        retry=False,
        says="Pay with another card, or ask your bank to allow it.",
    ),
    Row(
        "insufficient_funds",
        "soft",
        "insufficient_funds",
        retry=True,
        says="there was not enough money on the Visa card ending 0341",
    ),
    Row(
        "card_velocity_exceeded withdrawal_count_limit_exceeded",
        "soft",
        "insufficient_funds",
        retry=True,
        says="the Visa card ending 0341 has reached its limit",
    ),
    Row(
        "generic_decline do_not_honor call_issuer no_action_taken try_again_later",
        "soft",
        "bank_declined",
        retry=True,
        says="Or ask your bank why",
    ),
    Row(
        "processing_error issuer_not_available reenter_transaction approve_with_id",
        "transient",
        "bank_declined",
        retry=True,
        says="There is nothing to do. We try it again on Wednesday 4 March.",
        main=None,
    ),
    Row(
        "duplicate_transaction invalid_amount testmode_decline",
        "special",
        "bank_declined",
        retry=False,
        says="Do not pay again yet.",
        main="talk_to_human",
    ),
    Row(
        "incorrect_pin invalid_pin pin_try_exceeded offline_pin_required "
        "online_or_offline_pin_required",
        "card_present",
        "bank_declined",
        retry=False,
        says="Pay with another card.",
    ),
]
EVERY_CODE = [(code, row) for row in TABLE for code in row.codes.split()]
CONCEALED_CODES = [code.rstrip("*") for code in TABLE[0].codes.split()]


def first(diagnosis: Diagnosis) -> Finding:
    return diagnosis.findings[0]


def test_the_table_is_whole() -> None:
    assert {code.rstrip("*") for code, _ in EVERY_CODE} == set(DECLINES)


@pytest.mark.parametrize(("marked", "row"), EVERY_CODE, ids=[code for code, _ in EVERY_CODE])
def test_each_code_is_judged_as_its_row_says(marked: str, row: Row) -> None:
    decline = DECLINES[marked.rstrip("*")]
    assert decline.decline_class == row.decline_class
    assert decline.root_cause == row.root_cause
    assert decline.retry_allowed is row.retry
    assert decline.stripe_never_retries is marked.endswith("*")
    assert not decline.alert


@pytest.mark.parametrize(("marked", "row"), EVERY_CODE, ids=[code for code, _ in EVERY_CODE])
def test_each_code_is_told_as_its_row_says(marked: str, row: Row) -> None:
    finding = first(diagnosed(*failed(decline_code=marked.rstrip("*"))))
    assert finding.root_cause == row.root_cause
    assert row.says in finding.explanation
    assert finding.fix == row.main
    assert ("retry_payment" in (finding.fix, *finding.other_fixes)) is row.retry
    assert "talk_to_human" in (finding.fix, *finding.other_fixes)
    assert finding.evidence["retry_allowed"] is row.retry


@pytest.mark.parametrize("code", CONCEALED_CODES)
def test_concealed_reasons_look_the_same_to_the_last_byte(code: str) -> None:
    blocked = diagnosed(*failed(decline_code="highest_risk_level", outcome_type="blocked"))
    assert diagnosed(*failed(decline_code=code)).to_json() == blocked.to_json()


@pytest.mark.parametrize("code", CONCEALED_CODES)
def test_a_concealed_reason_is_nowhere_in_the_answer(code: str) -> None:
    diagnosis = diagnosed(*failed(decline_code=code))
    for shown in (str(diagnosis.to_json()), str(diagnosis.offers), str(diagnosis.meter)):
        for word in (code, "conceal", "risk", "seller_message", "network", "'51'"):
            assert word not in shown


def test_a_concealed_reason_keeps_its_words_when_a_new_card_is_in_place() -> None:
    default = customer(invoice_settings={"default_payment_method": "pm_4242"})
    new = card("pm_4242", last4="4242")
    finding = first(diagnosed(*failed(decline_code="stolen_card"), default, card(), new))
    assert CONCEALED in finding.explanation
    assert finding.fix == "retry_payment"


def attempt(**told: str | None) -> Attempt:
    return Attempt(outcome="failed", **told)  # type: ignore[arg-type]  # only texts are told


@pytest.mark.parametrize(
    ("code", "advice", "decline_class", "root_cause", "retry"),
    [
        ("insufficient_funds", "do_not_try_again", "hard", "insufficient_funds", False),
        ("generic_decline", "do_not_try_again", "hard", "bank_declined", False),
        ("processing_error", "do_not_try_again", "hard", "bank_declined", False),
        ("generic_decline", "confirm_card_data", "card_data", "card_data_wrong", False),
        ("expired_card", "confirm_card_data", "card_data", "card_expired", False),
        ("not_permitted", "try_again_later", "soft", "bank_declined", True),
        ("transaction_not_allowed", "try_again_later", "hard", "bank_declined", False),
        ("do_not_try_again", "try_again_later", "hard", "bank_declined", False),
        ("insufficient_funds", "try_again_later", "soft", "insufficient_funds", True),
        ("stolen_card", "try_again_later", "conceal", "bank_declined", False),
        ("stolen_card", "confirm_card_data", "conceal", "bank_declined", False),
        ("stop_payment_order", "try_again_later", "consent_withdrawn", "consent_withdrawn", False),
        ("generic_decline", "something_new", "soft", "bank_declined", True),
    ],
)
def test_advice_outranks_the_code_but_reveals_nothing(
    code: str,
    advice: str,
    decline_class: str,
    root_cause: str,
    retry: bool,  # noqa: FBT001  a column of the table
) -> None:
    decline = decline_of(attempt(decline_code=code, advice_code=advice))
    assert (decline.decline_class, decline.root_cause) == (decline_class, root_cause)
    assert decline.retry_allowed is retry


def test_an_expired_card_that_carries_only_a_code_is_known() -> None:
    finding = first(diagnosed(*failed(code="expired_card", decline_code=None)))
    assert finding.root_cause == "card_expired"


def test_a_known_code_is_believed_over_an_unknown_decline_code() -> None:
    decline = decline_of(attempt(code="expired_card", decline_code="something_new"))
    assert decline.root_cause == "card_expired"
    assert not decline.alert


def test_an_unknown_code_is_an_ordinary_no_for_the_customer_and_an_alert_for_us() -> None:
    unknown = diagnosed(*failed(decline_code="suspected_moonlight"))
    ordinary = diagnosed(*failed(decline_code="generic_decline"))
    assert unknown.explanation == ordinary.explanation
    assert "moonlight" not in str(unknown.to_json())
    assert unknown.alerts == ("unknown decline code 'suspected_moonlight' on ch_march",)
    assert ordinary.alerts == ()


def test_no_code_at_all_is_an_ordinary_no() -> None:
    decline = decline_of(attempt())
    assert (decline.code, decline.alert) == ("generic_decline", False)


def test_what_was_blocked_before_a_bank_saw_it_is_not_tried_again() -> None:
    decline = decline_of(attempt(decline_code="generic_decline", outcome_type="blocked"))
    assert not decline.retry_allowed
    assert decline.concealed


def test_a_confirmation_that_failed_is_asked_for_again() -> None:
    error = {"code": "payment_intent_authentication_failure", "type": "invalid_request_error"}
    objects = [one for one in failed() if one["object"] not in {"charge", "payment_intent"}]
    finding = first(diagnosed(*objects, intent(last_payment_error=error)))
    assert finding.root_cause == "authentication_required"
    assert finding.fix == "confirm_payment"


def test_a_second_payment_of_the_same_amount_is_pointed_out() -> None:
    paid = {"status": "succeeded", "payment_intent": "pi_other", "outcome": {"type": "authorized"}}
    earlier = next(one for one in failed() if one["object"] == "charge") | paid | {"id": "ch_first"}
    objects = failed(decline_code="duplicate_transaction")
    finding = first(diagnosed(*objects, earlier))
    assert "The same amount was already paid on Sunday 1 March." in finding.explanation
    assert finding.evidence["earlier_charge"] == "ch_first"
    assert finding.other_fixes == ()
