"""SQL for a customer of Stripe's with what their running plans are called: one round trip."""

from dataclasses import dataclass
from typing import Any

from prunella.kit.house import Tx

MOST_PLANS = 20

_ACCOUNT = """
select c.data, c.deleted, array(
  select s.data -> 'items' from mirror_objects s
  where s.customer = %(id)s and s.kind = 'subscription' and not s.deleted
    and s.status in ('active', 'trialing', 'past_due', 'unpaid', 'paused')
  order by s.created desc limit %(most)s
) as sold
from mirror_objects c where c.id = %(id)s and c.kind = 'customer'
"""


@dataclass(frozen=True, slots=True)
class Account:
    """A customer as Stripe has it; of one that was deleted, as it was last.

    `prices` are those of their running plans, each by id, lookup key and product.
    """

    data: dict[str, Any]
    deleted: bool
    prices: list[str]


async def account(tx: Tx, stripe_customer: str) -> Account | None:
    """Return None where the mirror has no such customer."""
    row = await tx.one(_ACCOUNT, {"id": stripe_customer, "most": MOST_PLANS})
    if row is None:
        return None
    items = [item for listed in row["sold"] for item in (listed or {}).get("data", ())]
    prices = [item.get("price") or {} for item in items]
    names = (price.get(key) for price in prices for key in ("id", "lookup_key", "product"))
    return Account(row["data"], row["deleted"], [name for name in names if isinstance(name, str)])
