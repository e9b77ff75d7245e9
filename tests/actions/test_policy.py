"""May it be done? Tables of facts and the rules that they miss."""

from dataclasses import replace
from typing import Any

import pytest

from prunella.actions.carry_out.calls import CALLS
from prunella.actions.policy import (
    KINDS,
    POSSIBLE,
    Asker,
    Checkout,
    Decision,
    Facts,
    Payment,
    Policy,
)
from prunella.settings import load_content, shipped

CUSTOMER = Asker(kind="customer", role="billing", verified=True)
OWNER = Asker(kind="customer", role="owner", verified=True)
MEMBER = Asker(kind="customer", role="member", verified=True)
BY_MAIL = Asker(kind="customer", role="billing", verified=False)
SYSTEM = Asker(kind="system")
LEE = Asker(kind="lee")
AGENT = Asker(kind="staff", role="agent")
VIEWER = Asker(kind="staff", role="viewer")
SERVICE = Asker(kind="service", role="service")
OPEN = Payment(status="open", remaining=366504, currency="usd")
POLICY = Policy.read(load_content(shipped("content")))


def judge(facts: Facts) -> Decision:
    return POLICY.judge(facts)


def payment(asker: Asker = CUSTOMER, **changes: Any) -> Facts:
    return Facts(kind="retry_payment", asker=asker, payment=replace(OPEN, **changes))


@pytest.mark.parametrize("asker", [CUSTOMER, OWNER, BY_MAIL, SYSTEM, LEE, AGENT, SERVICE])
def test_who_may_pay(asker: Asker) -> None:
    decision = judge(payment(asker))
    assert decision.verdict == "allow"
    assert "payment.invoice_open" in decision.rules


@pytest.mark.parametrize(
    "asker",
    [
        MEMBER,
        VIEWER,
        Asker(kind="customer", role=""),
        Asker(kind="customer", role="member", verified=False),
        Asker(kind="staff", role=""),
        Asker(kind="stranger"),
    ],
)
def test_who_may_not(asker: Asker) -> None:
    assert judge(payment(asker)).rules == ("who.may_pay",)


@pytest.mark.parametrize(
    ("changes", "missed"),
    [
        ({"status": "paid", "remaining": 0}, "payment.invoice_open"),
        ({"status": "void"}, "payment.invoice_open"),
        ({"status": "draft"}, "payment.invoice_open"),
        ({"status": None}, "payment.invoice_open"),
        ({"remaining": 0}, "payment.invoice_open"),
        ({"disputed": True}, "payment.disputed"),
        ({"method_known": False}, "payment.method_known"),
        ({"closed_by_bank": True}, "payment.closed_by_bank"),
        ({"needs_customer": True}, "payment.needs_customer"),
        ({"tries": 15}, "payment.tries"),
        ({"tries": 400}, "payment.tries"),
    ],
)
def test_what_stands_in_the_way_of_a_payment(changes: dict[str, Any], missed: str) -> None:
    decision = judge(payment(**changes))
    assert decision.verdict == "deny"
    assert decision.rules == (missed,)
    assert missed in decision.explanation_for_staff


def test_the_fifteenth_try_is_allowed_and_the_sixteenth_is_not() -> None:
    assert judge(payment(tries=14)).verdict == "allow"
    assert judge(payment(tries=15)).verdict == "deny"


@pytest.mark.parametrize("asker", [SYSTEM, LEE])
def test_while_stripe_tries_by_itself_nothing_automatic_does(asker: Asker) -> None:
    assert judge(payment(asker, retry_scheduled=True)).rules == ("payment.in_turn",)


@pytest.mark.parametrize("asker", [CUSTOMER, BY_MAIL, AGENT, SERVICE])
def test_whoever_asks_for_it_may_pay_before_stripe_tries_again(asker: Asker) -> None:
    assert judge(payment(asker, retry_scheduled=True)).verdict == "allow"


@pytest.mark.parametrize(
    ("amount", "currency", "missed"),
    [
        (366504, "usd", ()),
        (366504, "USD", ()),
        (366504, "eur", ("payment.currency",)),
        (1, "usd", ("payment.amount",)),
        (0, "jpy", ("payment.amount", "payment.currency")),
    ],
)
def test_amount_and_currency_are_the_invoices(
    amount: int, currency: str, missed: tuple[str, ...]
) -> None:
    decision = judge(replace(payment(), amount=amount, currency=currency))
    assert decision.verdict == ("deny" if missed else "allow")
    assert not missed or decision.rules == missed


def test_a_denial_names_every_rule_that_was_missed() -> None:
    decision = judge(payment(MEMBER, status="void", disputed=True, tries=15))
    assert decision.rules == (
        "who.may_pay",
        "payment.invoice_open",
        "payment.disputed",
        "payment.tries",
    )


def test_every_kind_can_be_carried_out() -> None:
    assert set(CALLS) == POSSIBLE == KINDS


@pytest.mark.parametrize(
    ("kind", "flow", "verdict"),
    [
        ("retry_payment", "", "allow"),
        ("set_payment_method", "", "allow"),
        ("open_checkout", "", "allow"),
        ("open_portal", "payment_method_update", "allow"),
        ("open_portal", "", "deny"),
        ("open_portal", "subscription_cancel", "deny"),
        ("refund", "", "deny"),
        ("cancel_subscription", "", "deny"),
    ],
)
def test_a_mail_link_may_pay_or_update_a_card(kind: str, flow: str, verdict: str) -> None:
    facts = Facts(kind=kind, asker=BY_MAIL, flow=flow, payment=OPEN)
    assert judge(facts).verdict == verdict


@pytest.mark.parametrize("status", ["open", "complete", None])
def test_only_an_expired_page_is_made_anew(status: str | None) -> None:
    facts = Facts(kind="open_checkout", asker=CUSTOMER, checkout=Checkout(status=status))
    assert judge(facts).rules == ("checkout.expired",)


def test_once_a_person_stopped_it_what_is_automatic_waits_for_one() -> None:
    stopped = replace(payment(SYSTEM), automatic_stopped=True)
    assert judge(stopped).verdict == "needs_approval"
    assert judge(replace(stopped, asker=CUSTOMER)).verdict == "allow"


def test_what_a_person_may_lift_does_not_soften_a_denial() -> None:
    stopped = replace(payment(SYSTEM, disputed=True), automatic_stopped=True)
    assert judge(stopped).verdict == "deny"


def test_a_payment_of_which_nothing_is_known_is_denied() -> None:
    assert judge(Facts(kind="retry_payment", asker=CUSTOMER)).verdict == "deny"
