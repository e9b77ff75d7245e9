"""SQL for what others want to know of a customer: one round trip, bounded, flat in the crowd."""

from collections.abc import Sequence
from typing import Any

from prunella.kit.house import Tx
from prunella.mirror.objects.store import Mirrored

MOST = {
    "customer": 1,
    "payment_method": 20,
    "subscription": 20,
    "invoice": 24,
    "invoice_payment": 60,
    "payment_intent": 40,
    "setup_intent": 10,
    "charge": 40,
    "refund": 40,
    "dispute": 20,
    "credit_note": 24,
    "customer_balance_transaction": 40,
    "checkout.session": 10,
}
MOST_OPEN_INVOICES = 200

_OBJECTS_OF = """
select newest.id, wanted.kind, newest.data, newest.deleted
from unnest(%(kinds)s::text[], %(most)s::int[]) wanted(kind, most)
cross join lateral (
  select id, created, data, deleted from mirror_objects
  where customer = %(customer)s and kind = wanted.kind and (not deleted or kind = 'customer')
  order by created desc limit wanted.most
) newest
union all
(select id, kind, data, deleted from mirror_objects
 where customer = %(customer)s and kind = 'invoice' and status = 'open' and not deleted
 order by created desc limit %(open)s)
"""
_CUSTOMERS = """
select id, kind, customer, as_of, as_of_until, deleted, version, data
from mirror_objects where kind = 'customer' and not deleted and id > %s order by id limit %s
"""


async def objects_of(
    tx: Tx, stripe_customer: str, kinds: Sequence[str] = tuple(MOST)
) -> dict[str, list[dict[str, Any]]]:
    """Return the customer's objects by kind, newest first; every kind that a customer can own.

    Of each kind the newest `MOST`, and all open invoices (up to `MOST_OPEN_INVOICES`). A customer
    that was deleted is there as it was last, with `deleted` set; other deleted objects are not.
    """
    # All kinds are named each time, so that PostgreSQL keeps its plan: none is read where 0 may be.
    params = {
        "kinds": list(MOST),
        "most": [MOST[kind] if kind in kinds else 0 for kind in MOST],
        "customer": stripe_customer,
        "open": MOST_OPEN_INVOICES if "invoice" in kinds else 0,
    }
    found: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in kinds}
    for row in await tx.all(_OBJECTS_OF, params):
        gone = {"deleted": True} if row["deleted"] else {}
        found[row["kind"]].setdefault(row["id"], row["data"] | gone)
    if "invoice" in found:
        found["invoice"] = dict(sorted(found["invoice"].items(), key=_newest_first))
    return {kind: list(objects.values()) for kind, objects in found.items()}


async def customers(tx: Tx, after: str = "", limit: int = 100) -> list[Mirrored]:
    """Return customers in the order of their ids; pass the last id to go on."""
    return [Mirrored(**row) for row in await tx.all(_CUSTOMERS, (after, limit))]


def _newest_first(item: tuple[str, dict[str, Any]]) -> int:
    return -int(item[1].get("created") or 0)
