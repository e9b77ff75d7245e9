"""Who people are: customers and their persons, staff and services, and how each signs in."""

from prunella.people import customer_jwt, links, sessions, tokens
from prunella.people.accounts import NotFreeError, names_of_account
from prunella.people.customer import (
    Customer,
    Hit,
    Plan,
    UnknownZoneError,
    add_customer,
    find_customer,
    link,
    names_of,
    of_stripe,
    search,
    set_profile,
)
from prunella.people.guests import guest, of_email

__all__ = [
    "Customer",
    "Hit",
    "NotFreeError",
    "Plan",
    "UnknownZoneError",
    "add_customer",
    "customer_jwt",
    "find_customer",
    "guest",
    "link",
    "links",
    "names_of",
    "names_of_account",
    "of_email",
    "of_stripe",
    "search",
    "sessions",
    "set_profile",
    "tokens",
]
