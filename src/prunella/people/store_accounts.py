"""Rows of accounts that lead to one another."""

from prunella.kit.house import Tx

# First the way ahead, then all that lead to any of it; `union` ends a circle, should there be one.
_OTHERS = """
with recursive ahead as (
  select id, follows from customers where id = %(customer)s
  union
  select c.id, c.follows from customers c join ahead on c.id = ahead.follows
), found as (
  select id from ahead
  union
  select c.id from customers c join found on c.follows = found.id
)
select id from found where id <> %(customer)s order by id limit %(limit)s
"""


async def others(tx: Tx, customer: str, limit: int) -> list[str]:
    """Return the ids of all accounts that are one with this one."""
    return [row["id"] for row in await tx.all(_OTHERS, {"customer": customer, "limit": limit})]
