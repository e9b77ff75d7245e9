"""Stories of a plan from its sign-up to its end."""

from __future__ import annotations

from prunella_sandbox.company.stories.telling import (
    AFTER_FEBRUARYS_BILL,
    AFTER_MARCHS_BILL,
    DURING_JANUARY,
    FEBRUARYS_BILL,
    MID_FEBRUARY,
    THE_LAST_HOURS,
    Story,
    paid_until_now,
    subscribed,
)
from prunella_sandbox.company.subscriber import Subscriber


def healthy(customer: Subscriber) -> Story:
    customer.add_card(customer.profile.card)
    customer.subscribe()
    yield THE_LAST_HOURS


def free(customer: Subscriber) -> Story:
    """Known to Stripe, and pays nothing."""
    yield THE_LAST_HOURS
    customer.ids.clear()


def subscription_incomplete(customer: Subscriber) -> Story:
    """Signed up a few hours ago; the first payment failed."""
    yield THE_LAST_HOURS
    customer.add_card("chargeCustomerFail")
    customer.subscribe(payment_behavior="allow_incomplete")


def signup_unfinished(customer: Subscriber) -> Story:
    """Signed up a few hours ago, and left before the first payment was asked for."""
    yield THE_LAST_HOURS
    customer.add_card(customer.profile.card)
    customer.subscribe(payment_behavior="default_incomplete")


def trial_ending(customer: Subscriber) -> Story:
    """The trial ends in two days, and no card is stored."""
    yield MID_FEBRUARY
    ends_at = customer.in_days(THE_LAST_HOURS - MID_FEBRUARY + 2)
    customer.subscribe(trial_end=int(ends_at.timestamp()))


def subscription_paused(customer: Subscriber) -> Story:
    """The trial ended without a card."""
    yield DURING_JANUARY
    ends_at = customer.in_days(14)
    customer.subscribe(
        trial_end=int(ends_at.timestamp()),
        trial_settings={"end_behavior": {"missing_payment_method": "pause"}},
    )


def upgraded(customer: Subscriber) -> Story:
    """Moved to a dearer plan in mid-February, so March's bill is unusual."""
    yield from subscribed(customer)
    yield MID_FEBRUARY
    customer.change_plan("professional")


def past_due_for_long(customer: Subscriber) -> Story:
    """Began in mid-January, so it has failed since mid-February."""
    yield DURING_JANUARY
    yield from subscribed(customer)
    yield AFTER_FEBRUARYS_BILL
    customer.bank_refuses("do_not_honor")


def subscription_unpaid(customer: Subscriber) -> Story:
    """Failed in February until the last try."""
    yield from subscribed(customer)
    yield DURING_JANUARY
    customer.bank_refuses("generic_decline")
    yield FEBRUARYS_BILL


def billed_while_unpaid(customer: Subscriber) -> Story:
    """Unpaid since February, which TAI wrote off; March's bill is open and nobody has tried it."""
    yield from subscription_unpaid(customer)
    february = customer.newest_invoice()
    yield AFTER_MARCHS_BILL
    customer.is_forgiven(february)
    customer.bank_refuses("")
    customer.is_billed_untried(customer.newest_invoice())


def subscription_canceled(customer: Subscriber) -> Story:
    yield from paid_until_now(customer)
    yield MID_FEBRUARY
    customer.cancel()


def leaving(customer: Subscriber) -> Story:
    """Ends with March, by its own wish."""
    yield from paid_until_now(customer)
    yield AFTER_MARCHS_BILL
    customer.wants_to_leave()


def deleted(customer: Subscriber) -> Story:
    yield from paid_until_now(customer)
    yield MID_FEBRUARY
    customer.leave()
