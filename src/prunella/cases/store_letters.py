"""Rows of what every automatic letter keeps to: the rules, what was written, who wants what."""

from datetime import datetime
from typing import Any

from psycopg.rows import DictRow

from prunella.kit.house import Tx

Row = DictRow

_RULES = "select most, within_days, quiet_from, quiet_until, quiet_weekends from letter_rules"
_SET_RULES = """
update letter_rules set most = %s, within_days = %s, quiet_from = %s, quiet_until = %s,
  quiet_weekends = %s
where (most, within_days, quiet_from, quiet_until, quiet_weekends) <> (%s, %s, %s, %s, %s)
"""
# Who writes to one customer takes turns, so that what is counted stays true until the commit.
_TURN = "select pg_advisory_xact_lock(hashtextextended('letters:' || %s, 0))"
_NEWEST = """
select at from letters_written where customer = any(%s) and at > %s order by at desc limit %s
"""
_ENTER = "insert into letters_written (message, customer, at) values (%s, %s, %s)"
_CHOICE = """
insert into letter_choices (customer, topic, secret) values (%s, %s, %s)
on conflict (customer, topic) do update set topic = excluded.topic
returning secret
"""
_UNWANTED = """
select 1 as unwanted from letter_choices
where customer = any(%s) and topic = %s and unsubscribed_at is not null limit 1
"""
_THE_CHOICE = "select customer, topic from letter_choices where secret = %s"
_SET_CHOICE = """
update letter_choices set unsubscribed_at = %(at)s
where customer = any(%(customers)s) and topic = %(topic)s
  and (unsubscribed_at is null) <> (%(at)s::timestamptz is null)
"""


async def rules(tx: Tx) -> Row:
    return await tx.one(_RULES) or {}


async def set_rules(tx: Tx, values: tuple[Any, ...]) -> None:
    await tx.execute(_SET_RULES, (*values, *values))


async def take_turn(tx: Tx, customer: str) -> None:
    await tx.execute(_TURN, (customer,))


async def newest(tx: Tx, customers: list[str], *, since: datetime, most: int) -> list[datetime]:
    return [row["at"] for row in await tx.all(_NEWEST, (customers, since, most))]


async def enter(tx: Tx, message: str, customer: str) -> None:
    await tx.execute(_ENTER, (message, customer, tx.now))


async def secret_of(tx: Tx, customer: str, topic: str, *, fresh: str) -> str:
    """Return the secret of this choice; `fresh` is kept when there is none."""
    row = await tx.one(_CHOICE, (customer, topic, fresh))
    return str(row["secret"]) if row else fresh


async def unwanted(tx: Tx, customers: list[str], topic: str) -> bool:
    return await tx.one(_UNWANTED, (customers, topic)) is not None


async def by_secret(tx: Tx, secret: str) -> Row | None:
    return await tx.one(_THE_CHOICE, (secret,))


async def set_choice(tx: Tx, customers: list[str], topic: str, at: datetime | None) -> bool:
    """Keep the choice; returns whether that changed anything."""
    values = {"customers": customers, "topic": topic, "at": at}
    return bool(await tx.execute(_SET_CHOICE, values))
