"""Rows of notices, and whom the daily look finds in the mirror."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from prunella.kit.house import Tx

_RAISE = """
insert into notices (id, kind, subject, mark, customer, state, reason, until, data, raised_at)
values (%(id)s, %(kind)s, %(subject)s, %(mark)s, %(customer)s, 'waiting', 'raised', %(until)s,
  %(data)s, %(now)s)
on conflict (kind, subject, mark) do nothing
returning id
"""
_LOCK = """
select id, kind, subject, mark, customer, state, until, data from notices where id = %s for update
"""
_SETTLE = "update notices set state = %s, reason = %s, at = %s where id = %s and state = 'waiting'"
_OVERTAKE = """
insert into notices (id, kind, subject, mark, customer, state, reason, until, data, raised_at, at)
values (%(id)s, %(kind)s, %(subject)s, %(mark)s, %(customer)s, 'skipped', 'overtaken', %(now)s,
  '{}', %(now)s, %(now)s)
on conflict (kind, subject, mark) do update
  set state = 'skipped', reason = 'overtaken', at = excluded.at
  where notices.state = 'waiting'
"""
# The months are bounded, so this touches few rows of each day; the page is small.
# Cards of the older shapes may stand in the customer alone.
_CARDS = """
(select distinct customer from mirror_objects
 where kind = 'payment_method' and not deleted and customer is not null and customer > %(after)s
   and ((data -> 'card' ->> 'exp_year')::int * 12 + (data -> 'card' ->> 'exp_month')::int)
     between %(first)s and %(last)s
 order by customer limit %(limit)s)
union
(select id as customer from mirror_objects
 where kind = 'customer' and not deleted and data -> 'sources' is not null and id > %(after)s
   and exists (
     select 1 from jsonb_path_query(data, '$.sources.data[*]') source,
       lateral (select coalesce(source -> 'card', source) as card) held
     where (card ->> 'exp_year')::int * 12 + (card ->> 'exp_month')::int
       between %(first)s and %(last)s)
 order by id limit %(limit)s)
order by customer limit %(limit)s
"""
_ARMED = "select 1 as armed from timers where name = %s and subject = %s"


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice: `subject` and `mark` say what it is about, `until` when it is too late."""

    id: str
    kind: str
    subject: str
    mark: str
    customer: str
    state: str
    until: datetime
    data: dict[str, Any]


async def raise_notice(tx: Tx, values: dict[str, Any]) -> str | None:
    """Insert a notice; None when it was raised before."""
    keys = {"id": tx.new_id("ntc"), "now": tx.now, "data": Jsonb(values["data"])}
    row = await tx.one(_RAISE, values | keys)
    return str(row["id"]) if row else None


async def overtake(tx: Tx, *, kind: str, subject: str, mark: str, customer: str) -> None:
    """Count a notice as passed by a later one."""
    keys = {"kind": kind, "subject": subject, "mark": mark, "customer": customer}
    await tx.execute(_OVERTAKE, keys | {"id": tx.new_id("ntc"), "now": tx.now})


async def lock(tx: Tx, notice: str) -> Notice | None:
    row = await tx.one(_LOCK, (notice,))
    return Notice(**row) if row else None


async def settle(tx: Tx, notice: str, state: str, reason: str) -> None:
    await tx.execute(_SETTLE, (state, reason, tx.now, notice))


async def with_cards_ending(tx: Tx, *, first: int, last: int, after: str, limit: int) -> list[str]:
    """Return Stripe's customers with a card whose last month, counted from year 0, lies between."""
    where = {"first": first, "last": last, "after": after, "limit": limit}
    return [row["customer"] for row in await tx.all(_CARDS, where)]


async def is_armed(tx: Tx, timer: str, subject: str) -> bool:
    return await tx.one(_ARMED, (timer, subject)) is not None
