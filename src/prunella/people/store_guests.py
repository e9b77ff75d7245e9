"""Rows of people who write to us without an account, and of who has an address."""

from psycopg.rows import DictRow

from prunella.kit.house import Tx

Row = DictRow

_FIND_OR_ADD = """
insert into customers (id, name, email, locale, plan, guest, created_at)
values (%(id)s, %(name)s, %(email)s, %(locale)s, 'free', true, %(now)s)
on conflict (lower(email)) where guest and follows is null do update set email = customers.email
returning *, xmax = 0 as fresh, (select time_zone from company) as home_zone
"""
_BY_EMAIL = """
select *, (select time_zone from company) as home_zone,
  exists (select from customers other where other.follows = customers.id) as followed
from customers
where lower(email) = lower(%(email)s) and not guest and follows is null
order by created_at desc, id desc limit %(limit)s
"""


async def find_or_add(tx: Tx, *, email: str, name: str, locale: str) -> Row:
    keys = {"id": tx.new_id("cust"), "now": tx.now}
    values = {**keys, "name": name, "email": email, "locale": locale or None}
    return await tx.one(_FIND_OR_ADD, values) or {}


async def by_email(tx: Tx, email: str, limit: int) -> list[Row]:
    return await tx.all(_BY_EMAIL, {"email": email, "limit": limit})
