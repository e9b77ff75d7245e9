"""Each of severity, plan and risk can only press harder."""

from itertools import pairwise, product
from typing import get_args

from prunella.cases import Severity, priority_of
from prunella.cases.priority import Risk, risk_of
from prunella.people import Plan

SEVERITIES: list[Severity] = ["low", "medium", "high", "critical"]
PLANS: list[Plan] = ["free", "starter", "professional", "enterprise"]
RISKS: list[Risk] = ["none", "some", "high"]


def test_a_worse_case_of_a_dearer_plan_at_more_risk_is_never_less_pressing() -> None:
    assert {*SEVERITIES} == {*get_args(Severity)}
    for (s, severity), (p, plan), (r, risk) in product(
        enumerate(SEVERITIES), enumerate(PLANS), enumerate(RISKS)
    ):
        here = priority_of(severity, plan, risk)
        assert 0 <= here <= 100
        for worse in SEVERITIES[s + 1 :]:
            assert priority_of(worse, plan, risk) > here
        for dearer in PLANS[p + 1 :]:
            assert priority_of(severity, dearer, risk) > here
        for riskier in RISKS[r + 1 :]:
            assert priority_of(severity, plan, riskier) > here


def test_a_step_of_severity_outweighs_plan_or_risk_alone() -> None:
    for milder, worse in pairwise(SEVERITIES):
        assert priority_of(worse, "free", "none") > priority_of(milder, "enterprise", "none")
        assert priority_of(worse, "free", "none") > priority_of(milder, "free", "high")
        assert priority_of(worse, "free", "none") < priority_of(milder, "enterprise", "high")


def test_a_plan_nobody_knows_is_not_made_to_wait_as_the_free_one() -> None:
    assert priority_of("low", None, "none") == priority_of("low", "starter", "none")


def test_money_in_doubt_is_a_risk_whatever_the_diagnosis_says() -> None:
    assert risk_of({"diagnosis": {"status": "green"}}, "action_unknown") == "high"
    assert risk_of({"diagnosis": {"status": "amber"}}, "asked") == "some"
    assert risk_of({}, "asked") == "none"
    away = {"status": "amber", "root_cause": "stripe_unreachable"}
    assert risk_of({"diagnosis": away}, "asked") == "none"
