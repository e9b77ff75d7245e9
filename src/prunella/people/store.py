"""Rows of customers."""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.rows import DictRow

from prunella.kit.house import Tx

Row = DictRow

_BY_ID = """
select *, (select time_zone from company) as home_zone,
  exists (select from customers other where other.follows = customers.id) as followed
from customers where id = %s
"""
_BY_STRIPE = """
select *, (select time_zone from company) as home_zone,
  exists (select from customers other where other.follows = customers.id) as followed,
  array(select distinct plan from plan_refs where ref = any(%s)) as paid_for
from customers where stripe_customer = %s
"""
_ADD = """
insert into customers
  (id, stripe_customer, name, email, country, locale, time_zone, plan, created_at)
values
  (%(id)s, %(stripe_customer)s, %(name)s, %(email)s, %(country)s, %(locale)s, %(time_zone)s,
   %(plan)s, %(now)s)
on conflict (stripe_customer) do update set stripe_customer = excluded.stripe_customer
returning *, (select time_zone from company) as home_zone
"""
_HOLD = "select * from customers where id = any(%s) order by id for update"
_FOLLOW = "update customers set follows = %s where id = %s"
_NAME = "update customers set stripe_customer = %s where id = %s"
# Whoever finds a customer may do this, with anything in hand: nobody waits for who does the same.
_KEEP_COPIES = """
update customers
set name = %(name)s, email = %(email)s, country = %(country)s, locale = %(locale)s
where id = (select id from customers where id = %(id)s for no key update skip locked)
"""
_SET_PROFILE = "update customers set time_zone = %s, plan = %s where id = %s"
_NAMES = "select id, name from customers where id = any(%s)"
_ADDRESSES = """
with recursive led (id, place, steps) as (
  select id, id, 0 from customers where id = any(%(customers)s)
  union all
  select led.id, c.follows, led.steps + 1 from led join customers c on c.id = led.place
  where c.follows is not null and led.steps < %(most)s
)
select distinct on (led.id) led.id, coalesce(c.stripe_customer, c.id) as address
from led join customers c on c.id = led.place order by led.id, led.steps desc
"""
_SEARCH = """
(select id, stripe_customer, name, email from customers
 where lower(name) like %(prefix)s order by lower(name) limit %(limit)s)
union
(select id, stripe_customer, name, email from customers
 where lower(email) like %(prefix)s order by lower(email) limit %(limit)s)
union
(select id, stripe_customer, name, email from customers
 where id = %(ref)s or stripe_customer = %(ref)s)
order by name, id limit %(limit)s
"""


async def by_id(tx: Tx, customer: str) -> Row | None:
    return await tx.one(_BY_ID, (customer,))


async def by_stripe(tx: Tx, stripe_customer: str, prices: Sequence[str] = ()) -> Row | None:
    """`paid_for` in the row are the plans that these prices belong to."""
    return await tx.one(_BY_STRIPE, (list(prices), stripe_customer))


async def add(
    tx: Tx,
    *,
    stripe_customer: str | None,
    time_zone: str | None,
    plan: str | None,
    copies: Mapping[str, Any],
) -> Row:
    """Insert, or return the row that another request inserted first."""
    profile = {"stripe_customer": stripe_customer, "time_zone": time_zone, "plan": plan}
    keys = {"id": tx.new_id("cust"), "now": tx.now}
    row = await tx.one(_ADD, {**keys, **profile, **copies})
    return row or {}


async def hold(tx: Tx, customers: list[str]) -> dict[str, Row]:
    """Return the rows, kept as they are until the commit."""
    return {row["id"]: row for row in await tx.all(_HOLD, (customers,))}


async def follow(tx: Tx, customer: str, other: str) -> None:
    await tx.execute(_FOLLOW, (other, customer))


async def name_at_stripe(tx: Tx, customer: str, stripe_customer: str | None) -> None:
    await tx.execute(_NAME, (stripe_customer, customer))


async def keep_copies(tx: Tx, customer: str, copies: Mapping[str, Any]) -> None:
    """Where somebody else changes the row right now it stays as it is; the next one keeps them."""
    await tx.execute(_KEEP_COPIES, {"id": customer, **copies})


async def set_profile(tx: Tx, customer: str, time_zone: str | None, plan: str | None) -> None:
    await tx.execute(_SET_PROFILE, (time_zone, plan, customer))


async def names(tx: Tx, customers: list[str]) -> dict[str, str]:
    return {row["id"]: row["name"] for row in await tx.all(_NAMES, (customers,))}


async def addresses(tx: Tx, customers: list[str], most_steps: int) -> dict[str, str]:
    """Return of each the account that it leads to, by Stripe's id where there is one."""
    rows = await tx.all(_ADDRESSES, {"customers": customers, "most": most_steps})
    return {row["id"]: row["address"] for row in rows}


async def search(tx: Tx, ref: str, limit: int) -> list[Row]:
    """Whose name or mail begins so, or whose id it is. A text of theirs is never a pattern."""
    plain = ref.lower().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    params = {"prefix": f"{plain}%", "ref": ref, "limit": limit}
    return await tx.all(_SEARCH, params)
