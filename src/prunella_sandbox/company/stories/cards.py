"""Stories of a card that fails, runs out or is gone, and of what the bank says."""

from __future__ import annotations

from prunella_sandbox.company.stories.telling import (
    AFTER_FEBRUARYS_BILL,
    DURING_JANUARY,
    LAST_DAY_OF_FEBRUARY,
    THE_LAST_HOURS,
    Story,
    Tell,
    paid_until_now,
)
from prunella_sandbox.company.subscriber import Subscriber


def refused_with(decline_code: str) -> Tell:
    """Paid in January and February; in March the bank says no."""

    def tell(customer: Subscriber) -> Story:
        yield from paid_until_now(customer)
        customer.bank_refuses(decline_code)

    return tell


def northbeck(customer: Subscriber) -> Story:
    """Starter with custom rules and API calls; in March there is not enough money on the card."""
    customer.add_card("mastercard")
    customer.use(amount=14_892, text="API calls, December: 372,300 calls at $0.40 for each 1,000")
    rule = customer.catalogue.price("custom_rule", customer.profile.place.currency)
    customer.subscribe(more=[{"price": rule, "quantity": 1}])
    yield DURING_JANUARY
    customer.has_rules(2)
    customer.use(amount=15_570, text="API calls, January: 389,250 calls at $0.40 for each 1,000")
    yield AFTER_FEBRUARYS_BILL
    customer.add_card("chargeCustomerFail", exp_month=11, exp_year=2027)
    customer.bank_refuses("insufficient_funds")
    yield LAST_DAY_OF_FEBRUARY
    customer.use(amount=16_504, text="API calls, February: 412,600 calls at $0.40 for each 1,000")


def card_expired(customer: Subscriber) -> Story:
    yield from paid_until_now(customer)
    began = customer.in_days(-AFTER_FEBRUARYS_BILL)
    customer.change_card(exp_month=began.month, exp_year=began.year)


def card_expiring(customer: Subscriber) -> Story:
    """Valid until the end of the month we are in."""
    yield from paid_until_now(customer)
    last = customer.in_days(THE_LAST_HOURS - AFTER_FEBRUARYS_BILL)
    customer.change_card(exp_month=last.month, exp_year=last.year)


def authentication_required(customer: Subscriber) -> Story:
    """A new card that the bank wants confirmed, and nobody was there to confirm it."""
    yield from paid_until_now(customer)
    customer.add_card("authenticationRequiredOnSetup")


def payment_method_missing(customer: Subscriber) -> Story:
    yield from paid_until_now(customer)
    customer.remove_card()


def payment_processing(customer: Subscriber) -> Story:
    """March's payment is on its way and takes three days."""
    yield from paid_until_now(customer)
    customer.bank_takes_its_time()


def subscription_past_due(customer: Subscriber) -> Story:
    """No card was stored when March was billed; there is one now, and the next try is tomorrow."""
    yield from paid_until_now(customer)
    customer.remove_card()
    yield THE_LAST_HOURS
    customer.add_card(customer.profile.card)


def recovering(customer: Subscriber) -> Story:
    """Too little money in March; the bank has it by the try of 4 March, tomorrow.

    Move the time by two days to see the plan recover by itself.
    """
    yield from paid_until_now(customer)
    customer.bank_refuses("insufficient_funds")
    yield THE_LAST_HOURS
    customer.bank_refuses("")
