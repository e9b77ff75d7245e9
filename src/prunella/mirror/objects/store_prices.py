"""SQL for prices, which belong to no customer, and for holding one object while it is judged."""

from typing import Any

from prunella.kit.house import Tx

MOST_PRICES = 500

_PRICES = """
select data from mirror_objects
where customer is null and kind = 'price' and not deleted order by created desc limit %s
"""
_HOLD = "select id from mirror_objects where id = %s for no key update"


async def prices(tx: Tx) -> list[dict[str, Any]]:
    """Return the newest prices, active or not, as Stripe has them."""
    return [row["data"] for row in await tx.all(_PRICES, (MOST_PRICES,))]


async def hold(tx: Tx, id: str) -> None:  # noqa: A002 Stripe's word
    """Keep one object as it is until the commit; whoever else wants to waits."""
    await tx.send(_HOLD, (id,))
