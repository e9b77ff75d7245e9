"""Rows of contacts and their outcomes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.rows import DictRow

from prunella.kit.house import Tx

Row = DictRow

_OPEN = """
insert into contacts (id, customer, channel, direction, subject, tiers, created_at, heard_at)
values (%(id)s, %(customer)s, %(channel)s, %(direction)s, %(subject)s, %(tiers)s, %(now)s,
  case when %(direction)s = 'inbound' then %(now)s::timestamptz end)
on conflict (customer, channel, direction, subject) where ended_at is null do update
set tiers = case when contacts.tiers @> excluded.tiers then contacts.tiers
                 else contacts.tiers || excluded.tiers end,
    heard_at = coalesce(excluded.heard_at, contacts.heard_at)
returning *
"""
_DROP = "delete from contacts where id = %s"
_BY_ID = "select * from contacts where id = %s"
_LOCK = "select * from contacts where id = %s for update"
_NEWEST_OPEN = """
select * from contacts where customer = %s and subject = %s and ended_at is null
order by id desc limit 1
"""
_OPEN_ABOUT = """
select * from contacts where subject = %s and ended_at is null order by id for update
"""
_SEEN = "update contacts set heard_at = %s where id = %s and ended_at is null"
_TOUCH = """
update contacts set tiers = tiers || %(tier)s::text
where id = %(id)s and ended_at is null and not %(tier)s = any (tiers)
"""
_ANSWERED = "update contacts set answered_at = %s where id = %s and ended_at is null"
_HEARD = """
update contacts set heard_at = %s, answered_at = null where id = %s and ended_at is null
"""
_LAST_WORD = "select max(heard_at) as at from contacts where customer = %s"
# What was merged is owed in the case that goes on with it.
_SOMEONE_OWES = """
select 1 as owed from cases k left join cases t on t.id = k.merged_into
where k.contact = %s and coalesce(t.status, k.status) in ('new', 'open', 'on_hold') and not k.spam
limit 1
"""
_END = """
update contacts set ended_at = %s where id = %s and ended_at is null returning customer
"""
_ADD_OUTCOME = """
insert into outcomes (contact, customer, tier, confirmed, tiers, costs, cost, currency, at)
select %(contact)s, %(customer)s, %(tier)s, %(confirmed)s, %(tiers)s,
  array_agg(c.amount order by t.place), sum(c.amount), min(c.currency), %(now)s
from unnest(%(tiers)s::text[]) with ordinality t(tier, place) join tier_costs c using (tier)
"""
_OUTCOME = "select * from outcomes where contact = %s"
_SET_COST = """
insert into tier_costs (tier, amount, currency) values (%s, %s, %s)
on conflict (tier) do update set amount = excluded.amount, currency = excluded.currency
where (tier_costs.amount, tier_costs.currency) <> (excluded.amount, excluded.currency)
"""


async def open_or_take_up(tx: Tx, values: Mapping[str, Any]) -> Row:
    return await tx.one(_OPEN, dict(values)) or {}


async def drop(tx: Tx, contact: str) -> None:
    await tx.send(_DROP, (contact,))


async def by_id(tx: Tx, contact: str) -> Row | None:
    return await tx.one(_BY_ID, (contact,))


async def lock(tx: Tx, contact: str) -> Row | None:
    return await tx.one(_LOCK, (contact,))


async def newest_open(tx: Tx, customer: str, subject: str) -> Row | None:
    return await tx.one(_NEWEST_OPEN, (customer, subject))


async def open_about(tx: Tx, subject: str) -> list[Row]:
    return await tx.all(_OPEN_ABOUT, (subject,))


async def seen(tx: Tx, contact: str) -> None:
    await tx.send(_SEEN, (tx.now, contact))


async def touch(tx: Tx, contact: str, tier: str) -> None:
    await tx.execute(_TOUCH, {"id": contact, "tier": tier})


async def answered(tx: Tx, contact: str) -> bool:
    return bool(await tx.execute(_ANSWERED, (tx.now, contact)))


async def heard(tx: Tx, contact: str) -> None:
    await tx.send(_HEARD, (tx.now, contact))


async def last_word(tx: Tx, customer: str) -> datetime | None:
    row = await tx.one(_LAST_WORD, (customer,))
    return row["at"] if row else None


async def someone_owes(tx: Tx, contact: str) -> bool:
    return await tx.one(_SOMEONE_OWES, (contact,)) is not None


async def add_outcome(tx: Tx, contact: str, how: Mapping[str, Any]) -> bool:
    """Write the outcome of an open contact; False when it had ended before."""
    ended = await tx.one(_END, (tx.now, contact))
    if ended is None:
        return False
    keys = {"contact": contact, "customer": ended["customer"], "now": tx.now}
    await tx.execute(_ADD_OUTCOME, {**keys, **how})
    return True


async def outcome(tx: Tx, contact: str) -> Row:
    return await tx.one(_OUTCOME, (contact,)) or {}


async def set_costs(tx: Tx, costs: Sequence[tuple[str, int, str]]) -> None:
    await tx.many(_SET_COST, costs)
