"""Stories of what was bought once, was paid twice, came back, or was billed by hand."""

from __future__ import annotations

from prunella_sandbox.company.stories.telling import (
    AFTER_FEBRUARYS_BILL,
    AFTER_MARCHS_BILL,
    LAST_DAY_OF_FEBRUARY,
    MID_FEBRUARY,
    THE_LAST_HOURS,
    Story,
    paid_until_now,
)
from prunella_sandbox.company.subscriber import Subscriber


def charged_twice(customer: Subscriber) -> Story:
    """The same add-on twice within two minutes, and then March's invoice bounced."""
    yield from paid_until_now(customer)
    yield LAST_DAY_OF_FEBRUARY
    customer.ids["charge"] = customer.buy("history_pack")
    yield LAST_DAY_OF_FEBRUARY + 2 / 1440
    customer.ids["duplicate"] = customer.buy("history_pack")
    customer.bank_refuses("do_not_honor")


def paid_twice(customer: Subscriber) -> Story:
    """A small add-on twice within two minutes; everything else is in order."""
    yield from paid_until_now(customer)
    yield AFTER_MARCHS_BILL
    customer.ids["charge"] = customer.buy("barcode_pack")
    yield AFTER_MARCHS_BILL + 2 / 1440
    customer.ids["duplicate"] = customer.buy("barcode_pack")


def billed_twice(customer: Subscriber) -> Story:
    """March was billed on the first, and once more the day after."""
    yield from paid_until_now(customer)
    yield THE_LAST_HOURS
    customer.ids["invoice"] = customer.account.bill_again(customer.ids["subscription"])


def checkout_expired(customer: Subscriber) -> Story:
    yield from paid_until_now(customer)
    yield AFTER_MARCHS_BILL
    customer.open_checkout("barcode_pack", until=customer.in_days(1))


def checkout_open(customer: Subscriber) -> Story:
    yield from paid_until_now(customer)
    yield THE_LAST_HOURS
    customer.open_checkout("history_pack", until=customer.in_days(1))


def invoice_overdue(customer: Subscriber) -> Story:
    """Pays by invoice, and has not paid February's."""
    yield AFTER_FEBRUARYS_BILL
    customer.is_invoiced(amount=setting_up(customer), text="Setting up", days=14)


def invoice_sent(customer: Subscriber) -> Story:
    """Pays by invoice; there is time left."""
    yield MID_FEBRUARY
    customer.is_invoiced(amount=setting_up(customer), text="Setting up", days=30)


def setting_up(customer: Subscriber) -> int:
    """What setting up costs, in the customer's minor unit: as much as the add-on history pack."""
    price = customer.catalogue.price("history_pack", customer.profile.place.currency)
    return customer.api.v1.prices.retrieve(price).unit_amount or 0


def refund_pending(customer: Subscriber) -> Story:
    yield from paid_until_now(customer)
    yield AFTER_MARCHS_BILL
    customer.is_refunded_slowly(customer.buy("barcode_pack"))


def refund_failed(customer: Subscriber) -> Story:
    """The bank sent the money back: the card it was for is closed."""
    yield from paid_until_now(customer)
    yield AFTER_MARCHS_BILL
    customer.is_refunded_in_vain(customer.buy("barcode_pack"))


def credited(customer: Subscriber) -> Story:
    """Has credit that paid a part of March."""
    yield from paid_until_now(customer)
    customer.is_credited(5_000, "For the trouble in January")


def dispute_open(customer: Subscriber) -> Story:
    yield from paid_until_now(customer)
    yield MID_FEBRUARY
    charge = customer.buy("history_pack")
    yield AFTER_MARCHS_BILL
    customer.dispute(charge)
