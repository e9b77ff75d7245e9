"""SQL for prices, which belong to no customer, and for holding one object while it is judged."""

from typing import Any

from prunella.kit.house import Tx

MOST_PRICES = 500
MOST_PLANS = 20

_PRICES = """
select data from mirror_objects
where customer is null and kind = 'price' and not deleted order by created desc limit %s
"""
_SOLD_TO = """
select data from mirror_objects
where customer = %s and kind = 'subscription' and not deleted
  and status in ('active', 'trialing', 'past_due', 'unpaid', 'paused')
order by created desc limit %s
"""
_HOLD = "select id from mirror_objects where id = %s for no key update"


async def prices(tx: Tx) -> list[dict[str, Any]]:
    """Return the newest prices, active or not, as Stripe has them."""
    return [row["data"] for row in await tx.all(_PRICES, (MOST_PRICES,))]


async def price_names_of(tx: Tx, stripe_customer: str) -> list[str]:
    """Return what the prices of their running plans are called: by id, lookup key and product."""
    rows = await tx.all(_SOLD_TO, (stripe_customer, MOST_PLANS))
    items = [item for row in rows for item in (row["data"].get("items") or {}).get("data", ())]
    prices = [item.get("price") or {} for item in items]
    names = (price.get(key) for price in prices for key in ("id", "lookup_key", "product"))
    return [name for name in names if isinstance(name, str)]


async def hold(tx: Tx, id: str) -> None:  # noqa: A002 Stripe's word
    """Keep one object as it is until the commit; whoever else wants to waits."""
    await tx.send(_HOLD, (id,))
