"""May this be done? A pure judgement on facts: nothing here reads a database or asks Stripe."""

from prunella.actions.policy.decision import Decision, Verdict
from prunella.actions.policy.examples import Tried, read_examples, try_examples
from prunella.actions.policy.facts import (
    GIVES,
    Asker,
    Bill,
    Change,
    Charge,
    Checkout,
    Facts,
    Payment,
    Plan,
    Standing,
)
from prunella.actions.policy.facts_access import Entitlement
from prunella.actions.policy.facts_billing import Credit, Ending, Invoice
from prunella.actions.policy.kinds import KINDS, POSSIBLE
from prunella.actions.policy.languages import check_languages
from prunella.actions.policy.limits import Limits
from prunella.actions.policy.policy import ERROR, Policy, check
from prunella.actions.policy.rule import Rule
from prunella.actions.policy.shown import WHOLE_DAY, used_of_day
from prunella.actions.policy.stored import from_json, to_json

__all__ = [
    "ERROR",
    "GIVES",
    "KINDS",
    "POSSIBLE",
    "WHOLE_DAY",
    "Asker",
    "Bill",
    "Change",
    "Charge",
    "Checkout",
    "Credit",
    "Decision",
    "Ending",
    "Entitlement",
    "Facts",
    "Invoice",
    "Limits",
    "Payment",
    "Plan",
    "Policy",
    "Rule",
    "Standing",
    "Tried",
    "Verdict",
    "check",
    "check_languages",
    "from_json",
    "read_examples",
    "to_json",
    "try_examples",
    "used_of_day",
]
