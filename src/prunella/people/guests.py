"""Who writes to us: the accounts of an address, or a guest where it has none.

A guest is a customer without an account. They are never verified, and see nothing but a case of
their own through a signed link.
"""

from prunella import mirror
from prunella.kit.house import Tx
from prunella.people import store_guests as store
from prunella.people.customer import Customer, of_own_row, of_stripe

MAX_ACCOUNTS = 5
MAX_NAME = 100


async def guest(tx: Tx, *, email: str, name: str = "", locale: str = "") -> Customer:
    """Return the guest of this address, made on first touch. What they were first called stays.

    The address is one that `connectors.mail.is_address` takes; how it is written does not matter.
    """
    called = " ".join(name.split())[:MAX_NAME] or email
    return of_own_row(await store.find_or_add(tx, email=email, name=called, locale=locale))


async def of_email(tx: Tx, email: str) -> list[Customer]:
    """Return the accounts that have this address, ours and Stripe's as mirrored; no guests."""
    rows = await store.by_email(tx, email, MAX_ACCOUNTS)
    refs = await mirror.customers_at(tx, email, MAX_ACCOUNTS)
    found = [await _of_row(tx, row) for row in rows] + [await of_stripe(tx, ref) for ref in refs]
    accounts = {customer.id: customer for customer in found if customer and _has(customer, email)}
    return list(accounts.values())[:MAX_ACCOUNTS]


async def _of_row(tx: Tx, row: store.Row) -> Customer | None:
    name = row["stripe_customer"]
    return of_own_row(row) if name is None else await of_stripe(tx, name)


def _has(customer: Customer, email: str) -> bool:
    return (customer.email or "").lower() == email.lower()
