"""Giving money back: the first form, which knows duplicates alone."""

from collections.abc import Callable

from prunella.actions.policy.facts import Charge, Facts
from prunella.actions.policy.rule import Rule

_REFUND = frozenset({"refund"})
_A_PERSON = "A person looks at it and tells you what comes of it."


def _of_charge(holds: Callable[[Charge], bool]) -> Callable[[Facts], bool]:
    """A charge that nothing is known of keeps no rule."""
    return lambda facts: facts.charge is not None and holds(facts.charge)


def _within(facts: Facts) -> bool:
    known = facts.charge
    return known is not None and 0 < (facts.amount or 0) <= known.captured - known.given_back


def _currency_matches(facts: Facts) -> bool:
    known = facts.charge
    return known is not None and (facts.currency or "").lower() == known.currency


def _within_the_limit(facts: Facts) -> bool:
    known = facts.charge
    return known is not None and known.limit is not None and (facts.amount or 0) <= known.limit


REFUND: tuple[Rule, ...] = (
    Rule(
        name="refund.charge_paid",
        about=_REFUND,
        kept=_of_charge(lambda charge: charge.status == "succeeded" and charge.captured > 0),
        for_customer="This payment was never taken, so there is nothing to give back.",
        for_staff="the charge did not succeed, or was not captured.",
    ),
    Rule(
        name="refund.disputed",
        about=_REFUND,
        kept=_of_charge(lambda charge: not charge.disputed),
        for_customer="Your bank is still looking at this payment. A person takes care of it.",
        for_staff="the charge is disputed: the bank may give the same money back.",
    ),
    Rule(
        name="refund.currency",
        about=_REFUND,
        kept=_currency_matches,
        for_customer="The currency is not the one that was paid.",
        for_staff="the currency asked for is not the charge's.",
    ),
    Rule(
        name="refund.not_over",
        about=_REFUND,
        kept=_within,
        for_customer="That is more than what is left of this payment.",
        for_staff="the amount is not positive, or more than is left after every refund, also"
        " those that are on their way or unclear.",
    ),
    Rule(
        name="refund.untouched",
        about=_REFUND,
        kept=_of_charge(lambda charge: charge.given_back == 0),
        for_customer=f"Part of this payment was given back already. {_A_PERSON}",
        for_staff="the charge was refunded before, in part or whole, or a refund is on its way.",
    ),
    Rule(
        name="refund.duplicate",
        about=_REFUND,
        kept=_of_charge(lambda charge: charge.duplicate),
        for_customer=f"We do not see that this was paid twice. {_A_PERSON}",
        for_staff="no evidence that it is a duplicate: same amount and purpose, minutes apart.",
    ),
    # Becomes one that a person may lift, once there are approvals.
    Rule(
        name="refund.limit",
        about=_REFUND,
        kept=_within_the_limit,
        for_customer=f"That is more than may be given back without a person. {_A_PERSON}",
        for_staff="above the limit of policy/limits.toml for a duplicate in this currency,"
        " or the currency is not listed there.",
    ),
)
