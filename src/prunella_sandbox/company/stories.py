"""How a customer comes into each billing state: one story a state.

A story is a generator: what stands before a `yield` happens, then time passes until the day that is
yielded, counted from the day the company began. All stories are told at once, on one clock; the
company begins on 1 January, bills on the first of each month, and is looked at on day 61, 3 March.
The days named below are also those on which the clock stops; some lie just after a bill failed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prunella_sandbox.company.subscriber import Subscriber

Story = Iterator[float]
Tell = Callable[[Subscriber], Story]

DURING_JANUARY = 17.0
FEBRUARYS_BILL = 31.05
AFTER_FEBRUARYS_BILL = 40.0
MID_FEBRUARY = 48.1
LAST_DAY_OF_FEBRUARY = 58.3
AFTER_MARCHS_BILL = 59.05
THE_LAST_HOURS = 60.9


def healthy(customer: Subscriber) -> Story:
    customer.add_card(customer.profile.card)
    customer.subscribe()
    yield THE_LAST_HOURS


def free(customer: Subscriber) -> Story:
    """Known to Stripe, and pays nothing."""
    yield THE_LAST_HOURS
    customer.ids.clear()


def refused_with(decline_code: str) -> Tell:
    """Paid in January and February; in March the bank says no."""

    def tell(customer: Subscriber) -> Story:
        yield from _paid_until_now(customer)
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
    yield from _paid_until_now(customer)
    began = customer.in_days(-AFTER_FEBRUARYS_BILL)
    customer.change_card(exp_month=began.month, exp_year=began.year)


def card_expiring(customer: Subscriber) -> Story:
    """Valid until the end of the month we are in."""
    yield from _paid_until_now(customer)
    last = customer.in_days(THE_LAST_HOURS - AFTER_FEBRUARYS_BILL)
    customer.change_card(exp_month=last.month, exp_year=last.year)


def authentication_required(customer: Subscriber) -> Story:
    """A new card that the bank wants confirmed, and nobody was there to confirm it."""
    yield from _paid_until_now(customer)
    customer.add_card("authenticationRequiredOnSetup")


def payment_method_missing(customer: Subscriber) -> Story:
    yield from _paid_until_now(customer)
    customer.remove_card()


def charged_twice(customer: Subscriber) -> Story:
    """The same add-on twice within two minutes, and then March's invoice bounced."""
    yield from _paid_until_now(customer)
    yield LAST_DAY_OF_FEBRUARY
    customer.ids["charge"] = customer.buy("history_pack")
    yield LAST_DAY_OF_FEBRUARY + 2 / 1440
    customer.ids["duplicate"] = customer.buy("history_pack")
    customer.bank_refuses("do_not_honor")


def paid_twice(customer: Subscriber) -> Story:
    """A small add-on twice within two minutes; everything else is in order."""
    yield from _paid_until_now(customer)
    yield AFTER_MARCHS_BILL
    customer.ids["charge"] = customer.buy("barcode_pack")
    yield AFTER_MARCHS_BILL + 2 / 1440
    customer.ids["duplicate"] = customer.buy("barcode_pack")


def checkout_expired(customer: Subscriber) -> Story:
    yield from _paid_until_now(customer)
    yield AFTER_MARCHS_BILL
    customer.open_checkout("barcode_pack", until=customer.in_days(1))


def checkout_open(customer: Subscriber) -> Story:
    yield from _paid_until_now(customer)
    yield THE_LAST_HOURS
    customer.open_checkout("history_pack", until=customer.in_days(1))


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


def past_due_for_long(customer: Subscriber) -> Story:
    """Began in mid-January, so it has failed since mid-February."""
    yield DURING_JANUARY
    yield from _subscribed(customer)
    yield AFTER_FEBRUARYS_BILL
    customer.bank_refuses("do_not_honor")


def subscription_unpaid(customer: Subscriber) -> Story:
    """Failed in February until the last try."""
    yield from _subscribed(customer)
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
    yield from _paid_until_now(customer)
    yield MID_FEBRUARY
    customer.cancel()


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


def invoice_overdue(customer: Subscriber) -> Story:
    """Pays by invoice, and has not paid February's."""
    yield AFTER_FEBRUARYS_BILL
    customer.is_invoiced(amount=customer_amount(customer), text="Setting up", days=14)


def invoice_sent(customer: Subscriber) -> Story:
    """Pays by invoice; there is time left."""
    yield MID_FEBRUARY
    customer.is_invoiced(amount=customer_amount(customer), text="Setting up", days=30)


def customer_amount(customer: Subscriber) -> int:
    """What setting up costs, in the customer's minor unit: as much as the add-on history pack."""
    price = customer.catalogue.price("history_pack", customer.profile.place.currency)
    return customer.api.v1.prices.retrieve(price).unit_amount or 0


def refund_pending(customer: Subscriber) -> Story:
    yield from _paid_until_now(customer)
    yield AFTER_MARCHS_BILL
    customer.is_refunded_slowly(customer.buy("barcode_pack"))


def refund_failed(customer: Subscriber) -> Story:
    """The bank sent the money back: the card it was for is closed."""
    yield from _paid_until_now(customer)
    yield AFTER_MARCHS_BILL
    customer.is_refunded_in_vain(customer.buy("barcode_pack"))


def payment_processing(customer: Subscriber) -> Story:
    """March's payment is on its way and takes three days."""
    yield from _paid_until_now(customer)
    customer.bank_takes_its_time()


def subscription_past_due(customer: Subscriber) -> Story:
    """No card was stored when March was billed; there is one now, and the next try is tomorrow."""
    yield from _paid_until_now(customer)
    customer.remove_card()
    yield THE_LAST_HOURS
    customer.add_card(customer.profile.card)


def recovering(customer: Subscriber) -> Story:
    """Too little money in March; the bank has it by the try of 4 March, tomorrow.

    Move the time by two days to see the plan recover by itself.
    """
    yield from _paid_until_now(customer)
    customer.bank_refuses("insufficient_funds")
    yield THE_LAST_HOURS
    customer.bank_refuses("")


def upgraded(customer: Subscriber) -> Story:
    """Moved to a dearer plan in mid-February, so March's bill is unusual."""
    yield from _subscribed(customer)
    yield MID_FEBRUARY
    customer.change_plan("professional")


def credited(customer: Subscriber) -> Story:
    """Has credit that paid a part of March."""
    yield from _paid_until_now(customer)
    customer.is_credited(5_000, "For the trouble in January")


def leaving(customer: Subscriber) -> Story:
    """Ends with March, by its own wish."""
    yield from _paid_until_now(customer)
    yield AFTER_MARCHS_BILL
    customer.wants_to_leave()


def dispute_open(customer: Subscriber) -> Story:
    yield from _paid_until_now(customer)
    yield MID_FEBRUARY
    charge = customer.buy("history_pack")
    yield AFTER_MARCHS_BILL
    customer.dispute(charge)


def deleted(customer: Subscriber) -> Story:
    yield from _paid_until_now(customer)
    yield MID_FEBRUARY
    customer.leave()


def _subscribed(customer: Subscriber) -> Story:
    customer.add_card(customer.profile.card)
    customer.subscribe()
    yield 0.0


def _paid_until_now(customer: Subscriber) -> Story:
    """Everything was in order in January and February."""
    yield from _subscribed(customer)
    yield AFTER_FEBRUARYS_BILL


STORIES: dict[str, Tell] = {
    "healthy": healthy,
    "free": free,
    "insufficient_funds": refused_with("insufficient_funds"),
    "stolen_card": refused_with("stolen_card"),
    "lost_card": refused_with("lost_card"),
    "generic_decline": refused_with("generic_decline"),
    "processing_error": refused_with("processing_error"),
    "consent_withdrawn": refused_with("revocation_of_authorization"),
    "incorrect_cvc": refused_with("incorrect_cvc"),
    "zero_decimal_failure": refused_with("insufficient_funds"),
    "three_decimal_failure": refused_with("card_velocity_exceeded"),
    "northbeck": northbeck,
    "card_expired": card_expired,
    "card_expiring": card_expiring,
    "authentication_required": authentication_required,
    "payment_method_missing": payment_method_missing,
    "charged_twice": charged_twice,
    "paid_twice": paid_twice,
    "checkout_expired": checkout_expired,
    "checkout_open": checkout_open,
    "subscription_incomplete": subscription_incomplete,
    "signup_unfinished": signup_unfinished,
    "past_due_for_long": past_due_for_long,
    "subscription_unpaid": subscription_unpaid,
    "billed_while_unpaid": billed_while_unpaid,
    "subscription_canceled": subscription_canceled,
    "trial_ending": trial_ending,
    "subscription_paused": subscription_paused,
    "invoice_overdue": invoice_overdue,
    "invoice_sent": invoice_sent,
    "refund_pending": refund_pending,
    "refund_failed": refund_failed,
    "payment_processing": payment_processing,
    "subscription_past_due": subscription_past_due,
    "recovering": recovering,
    "upgraded": upgraded,
    "credited": credited,
    "leaving": leaving,
    "dispute_open": dispute_open,
    "deleted": deleted,
}
