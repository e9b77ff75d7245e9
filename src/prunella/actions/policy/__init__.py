"""May this be done? A pure judgement on facts: nothing here reads a database or asks Stripe."""

from prunella.actions.policy.decision import Decision, Verdict
from prunella.actions.policy.facts import Asker, Checkout, Facts, Payment
from prunella.actions.policy.judge import judge, may_ask
from prunella.actions.policy.kinds import KINDS, POSSIBLE

__all__ = [
    "KINDS",
    "POSSIBLE",
    "Asker",
    "Checkout",
    "Decision",
    "Facts",
    "Payment",
    "Verdict",
    "judge",
    "may_ask",
]
