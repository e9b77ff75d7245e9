"""Invoices that are sent again, billing details, plans."""

from collections.abc import Callable

from prunella.actions.policy.facts import Bill, Change, Facts, Plan
from prunella.actions.policy.rule import Rule

_SEND = frozenset({"send_invoice"})
_RESUME = frozenset({"resume_subscription"})
_CHANGE = frozenset({"change_plan"})
_CHANGEABLE = frozenset({"active", "trialing"})


def _of_bill(holds: Callable[[Bill], bool]) -> Callable[[Facts], bool]:
    return lambda facts: facts.bill is not None and holds(facts.bill)


def _of_plan(holds: Callable[[Plan], bool]) -> Callable[[Facts], bool]:
    return lambda facts: facts.plan is not None and holds(facts.plan)


def _of_change(holds: Callable[[Change], bool]) -> Callable[[Facts], bool]:
    return lambda facts: facts.change is not None and holds(facts.change)


ACCOUNT: tuple[Rule, ...] = (
    Rule(
        name="send.invoice_open",
        about=_SEND,
        kept=_of_bill(lambda bill: bill.status == "open" and bill.remaining > 0),
        for_customer="There is nothing left to pay on this invoice.",
        for_staff="the invoice is not open, or nothing remains to be paid.",
    ),
    Rule(
        name="send.sent_by_stripe",
        about=_SEND,
        kept=_of_bill(lambda bill: bill.sent_to_pay),
        for_customer="This invoice is collected by itself, so it is not sent.",
        for_staff="Stripe sends only invoices whose collection method is send_invoice.",
    ),
    Rule(
        name="send.once_a_day",
        about=_SEND,
        kept=_of_bill(lambda bill: not bill.sent_lately),
        for_customer="This invoice was sent within the last day. Look in the inbox first.",
        for_staff="this invoice was sent again less than a day ago.",
    ),
    Rule(
        name="resume.possible",
        about=_RESUME,
        kept=_of_plan(lambda plan: plan.how is not None and plan.how == plan.asked_how),
        for_customer="This plan runs already, or it has ended for good.",
        for_staff="the plan is neither paused nor set to end, or not in the way that was shown.",
    ),
    Rule(
        name="change.plan_runs",
        about=_CHANGE,
        kept=_of_plan(lambda plan: plan.status in _CHANGEABLE and plan.how is None),
        for_customer="Only a plan that runs and is paid can be changed here.",
        for_staff="the plan is not active or trialing, or it is set to end.",
    ),
    Rule(
        name="change.price_offered",
        about=_CHANGE,
        kept=_of_change(lambda change: change.offered and change.other),
        for_customer="This plan is not offered for yours. A person can tell you more.",
        for_staff="plans.toml does not offer this price, or it is the one in place.",
    ),
    Rule(
        name="change.simple",
        about=_CHANGE,
        kept=_of_change(lambda change: change.simple),
        for_customer="Your plan has parts of its own. A person changes it with you.",
        for_staff="several items, another currency, a schedule, an update that waits, or billing"
        " by invoice.",
    ),
    Rule(
        name="change.previewed",
        about=_CHANGE,
        kept=lambda facts: facts.amount is not None and facts.amount >= 0,
        for_customer="First look at what it costs, then decide.",
        for_staff="no amount was previewed: `amount` is what is charged at once.",
    ),
)
