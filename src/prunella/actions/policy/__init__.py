"""May this be done? A pure judgement on facts: nothing here reads a database or asks Stripe."""

from prunella.actions.policy.decision import Decision, Verdict
from prunella.actions.policy.facts import (
    Asker,
    Bill,
    Change,
    Charge,
    Checkout,
    Facts,
    Payment,
    Plan,
)
from prunella.actions.policy.judge import judge, may_ask
from prunella.actions.policy.kinds import KINDS, POSSIBLE

__all__ = [
    "KINDS",
    "POSSIBLE",
    "Asker",
    "Bill",
    "Change",
    "Charge",
    "Checkout",
    "Decision",
    "Facts",
    "Payment",
    "Plan",
    "Verdict",
    "judge",
    "may_ask",
]
