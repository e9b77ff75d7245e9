"""What stands in the way of a refund, and who may lift it: tables of facts."""

from dataclasses import replace
from typing import Any

import pytest

from prunella.actions.policy import Asker, Charge, Facts, Policy, Standing
from prunella.settings import load_content, shipped

POLICY = Policy.read(load_content(shipped("content")))
OWNER = Asker(kind="customer", role="owner")
LEE = Asker(kind="lee")
SERVICE = Asker(kind="service", role="service")
PAID = Charge(status="succeeded", captured=40_000, currency="usd")


def staff(role: str) -> Asker:
    return Asker(kind="staff", role=role)


def refund(amount: int | None, asker: Asker = OWNER, **more: Any) -> Facts:
    known: dict[str, Any] = {"charge": PAID, "customer": Standing(), "currency": "usd"} | more
    return Facts(kind="refund", asker=asker, amount=amount, **known)


def missed(facts: Facts) -> tuple[str, ...]:
    decision = POLICY.judge(facts)
    return () if decision.verdict == "allow" else decision.rules


def verdict(facts: Facts) -> str:
    return POLICY.judge(facts).verdict


@pytest.mark.parametrize("asker", [OWNER, LEE, SERVICE])
def test_fifty_goes_back_by_itself_and_a_cent_more_goes_to_a_person(asker: Asker) -> None:
    assert verdict(refund(5_000, asker)) == "allow"
    above = POLICY.judge(refund(5_001, asker))
    assert (above.verdict, above.rules) == ("needs_approval", ("refund.cap",))


@pytest.mark.parametrize(
    ("changes", "amount", "currency", "rule"),
    [
        ({}, 40_001, "usd", "refund.not_over"),
        ({}, 0, "usd", "refund.not_over"),
        ({}, -5, "usd", "refund.not_over"),
        ({}, None, "usd", "refund.not_over"),
        ({"given_back": 39_000}, 1_001, "usd", "refund.not_over"),
        ({"given_back": 40_000}, 1, "usd", "refund.not_over"),
        ({}, 4_900, "eur", "refund.currency"),
        ({}, 4_900, None, "refund.currency"),
        ({"status": "failed"}, 4_900, "usd", "refund.charge_paid"),
        ({"status": "pending"}, 4_900, "usd", "refund.charge_paid"),
        ({"status": None}, 4_900, "usd", "refund.charge_paid"),
        ({"captured": 0}, 4_900, "usd", "refund.charge_paid"),
        ({"disputed": True}, 4_900, "usd", "refund.disputed"),
    ],
)
@pytest.mark.parametrize("asker", [OWNER, LEE, SERVICE, staff("agent"), staff("admin")])
def test_what_nobody_may_lift(
    asker: Asker, changes: dict[str, Any], amount: int | None, currency: str | None, rule: str
) -> None:
    decision = POLICY.judge(
        refund(amount, asker, charge=replace(PAID, **changes), currency=currency)
    )
    assert decision.verdict == "deny"
    assert rule in decision.rules
    assert "@" not in decision.explanation


@pytest.mark.parametrize(
    ("charge", "customer", "rules"),
    [
        ({"given_back": 100}, {}, ("refund.cap",)),
        ({}, {"given": 5_001}, ("refund.customer_cap",)),
        ({}, {"refunds": 2}, ("refund.count",)),
        ({"age_days": 61}, {}, ("refund.age",)),
        ({"age_days": 61}, {"refunds": 2}, ("refund.count", "refund.age")),
    ],
)
def test_amount_count_and_age_may_be_lifted_by_a_person(
    charge: dict[str, Any], customer: dict[str, Any], rules: tuple[str, ...]
) -> None:
    facts = refund(5_000, charge=replace(PAID, **charge), customer=Standing(**customer))
    decision = POLICY.judge(facts)
    assert (decision.verdict, decision.rules) == ("needs_approval", rules)
    assert verdict(replace(facts, asker=staff("agent"))) == "allow"


def test_at_the_limits_it_still_goes_back() -> None:
    on_the_line = refund(
        5_000, charge=replace(PAID, age_days=60), customer=Standing(given=5_000, refunds=1)
    )
    assert verdict(on_the_line) == "allow"


@pytest.mark.parametrize(
    ("role", "amount", "expected"),
    [
        ("agent", 50_000, "allow"),
        ("agent", 50_001, "needs_approval"),
        ("csm", 50_001, "needs_approval"),
        ("finance", 50_001, "needs_approval"),
        ("lead", 500_000, "allow"),
        ("lead", 500_001, "needs_approval"),
        ("admin", 90_000_000, "allow"),
        ("viewer", 1, "deny"),
        ("", 1, "deny"),
    ],
)
def test_each_role_has_its_limit(role: str, amount: int, expected: str) -> None:
    paid = replace(PAID, captured=100_000_000)
    assert verdict(refund(amount, staff(role), charge=paid)) == expected


def test_a_limit_of_a_role_is_not_lifted_by_asking_twice() -> None:
    half_gone = replace(PAID, captured=100_000, given_back=30_000)
    assert verdict(refund(20_000, staff("agent"), charge=half_gone)) == "allow"
    assert missed(refund(20_001, staff("agent"), charge=half_gone)) == ("staff.limit",)
    assert verdict(refund(20_001, staff("lead"), charge=half_gone)) == "allow"


def test_a_currency_that_is_not_listed_needs_a_person_and_an_admin_may() -> None:
    in_yen = refund(100, charge=replace(PAID, currency="jpy"), currency="jpy")
    assert verdict(in_yen) == "needs_approval"
    assert verdict(replace(in_yen, asker=staff("lead"))) == "needs_approval"
    assert verdict(replace(in_yen, asker=staff("admin"))) == "allow"


def test_a_duplicate_stands_outside_the_caps_up_to_its_own_limit() -> None:
    twice = replace(PAID, duplicate=True, age_days=90)
    often = Standing(given=90_000, refunds=7)
    assert verdict(refund(20_000, charge=twice, customer=often)) == "allow"
    assert missed(refund(20_001, charge=twice, customer=often)) == ("refund.limit",)
    part = replace(twice, given_back=15_000)
    assert missed(refund(5_001, charge=part)) == ("refund.limit",)


def test_a_proven_overcharge_goes_through_finance() -> None:
    proven = refund(30_000, charge=replace(PAID, overcharge=True))
    assert missed(proven) == ("refund.overcharge",)
    assert missed(replace(proven, asker=staff("lead"))) == ("refund.overcharge",)
    assert verdict(replace(proven, asker=staff("finance"))) == "allow"


@pytest.mark.parametrize(
    ("asker", "rule"),
    [
        (Asker(kind="customer", role="member"), "who.may_pay"),
        (Asker(kind="customer", role="owner", verified=False), "who.mail_link"),
        (Asker(kind="lee", verified=False), "refund.verified"),
    ],
)
def test_who_gets_nothing_back(asker: Asker, rule: str) -> None:
    assert POLICY.judge(refund(100, asker)).rules == (rule,)
    assert verdict(refund(100, asker)) == "deny"


@pytest.mark.parametrize("asker", [OWNER, LEE, SERVICE, Asker(kind="system")])
def test_once_the_days_money_is_used_up_a_person_decides(asker: Asker) -> None:
    used = refund(1_000, asker, automatic_today={"usd": 99_000})
    assert verdict(used) == "allow"
    assert missed(replace(used, amount=1_001)) == ("automatic.day",)
    assert verdict(replace(used, asker=staff("agent"))) == "allow"


def test_every_currency_takes_its_share_of_the_one_day() -> None:
    mixed = refund(4_000, automatic_today={"eur": 50_000, "usd": 46_000})
    assert verdict(mixed) == "allow"
    assert missed(replace(mixed, amount=4_001)) == ("automatic.day",)


@pytest.mark.parametrize("asker", [OWNER, LEE, SERVICE])
def test_once_stopped_no_money_goes_by_itself(asker: Asker) -> None:
    stopped = refund(100, asker, automatic_stopped=True)
    assert missed(stopped) == ("automatic.running",)
    assert verdict(stopped) == "needs_approval"
    assert verdict(replace(stopped, asker=staff("agent"))) == "allow"


def test_an_amount_that_no_machine_can_count_is_denied_and_told() -> None:
    decision = POLICY.judge(refund(2**63))
    assert (decision.verdict, decision.rules) == ("deny", ("policy.error",))
    assert "no decision" in decision.explanation_for_staff
