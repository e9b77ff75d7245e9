"""How pressing a case is, from 0 to 100. Pure: severity, plan and risk, each can only add."""

from collections.abc import Mapping
from typing import Any, Literal

from prunella.cases.record import Because, Severity
from prunella.people import Plan

Risk = Literal["none", "some", "high"]

_OF_SEVERITY: Mapping[Severity, int] = {"critical": 70, "high": 50, "medium": 30, "low": 10}
_OF_PLAN: Mapping[Plan, int] = {"enterprise": 18, "professional": 12, "starter": 6, "free": 0}
_OF_RISK: Mapping[Risk, int] = {"high": 12, "some": 6, "none": 0}
_UNKNOWN_PLAN: Plan = "starter"
_NOT_THEIRS = "stripe_unreachable"
_MONEY_IN_DOUBT: frozenset[Because] = frozenset({"action_failed", "action_unknown"})


def priority_of(severity: Severity, plan: Plan | None, risk: Risk) -> int:
    """A step of severity outweighs a plan or a risk alone, and gives way to both together."""
    return _OF_SEVERITY[severity] + _OF_PLAN[plan or _UNKNOWN_PLAN] + _OF_RISK[risk]


def risk_of(context: Mapping[str, Any], because: Because) -> Risk:
    """Money in doubt, or an account that does not work, is a customer about to leave."""
    diagnosis = context.get("diagnosis") or {}
    status = None if diagnosis.get("root_cause") == _NOT_THEIRS else diagnosis.get("status")
    if because in _MONEY_IN_DOUBT or status == "red":
        return "high"
    return "some" if status == "amber" else "none"
