"""Rows of threads: who belongs to a case, what was answered by a machine, and our secret."""

from collections.abc import Sequence
from datetime import datetime

from psycopg.rows import DictRow

from prunella.kit.house import Tx

Row = DictRow

_OUR_KEY = "select secret from mail_secret"
_KEEP_KEY = """
insert into mail_secret (secret) values (%s)
on conflict (only_one) do update set secret = mail_secret.secret returning secret
"""
_MESSAGE = """
select m.id, m.customer, m.contact, coalesce(m.case_id, c.id) as case_id, o.recipient, o.cc
from messages m join outbox o on o.message = m.id
  left join lateral (
    select id from cases where contact = m.contact order by id desc limit 1
  ) c on m.case_id is null
where m.id = %s
"""
_JOIN = """
insert into case_people (case_id, email, how, added_at)
select %s, email, %s, %s from unnest(%s::text[]) email
on conflict (case_id, email) do nothing
"""
_PEOPLE = "select email, how from case_people where case_id = %s order by added_at, email limit %s"
_ACKNOWLEDGE = """
insert into mail_acknowledged (who, at) values (%(who)s, %(now)s)
on conflict (who) do update set at = excluded.at
where mail_acknowledged.at <= %(before)s
returning who
"""
# About the same, and at the first place that is free.
_ACKNOWLEDGE_BOTH = """
with about as (
  insert into mail_acknowledged (who, at) values (%(who)s, %(now)s)
  on conflict (who) do update set at = excluded.at
  where mail_acknowledged.at <= %(about_before)s
  returning who
), place as (
  insert into mail_acknowledged (who, at)
  select who, %(now)s from unnest(%(places)s::text[]) with ordinality p (who, place)
  where exists (select from about)
    and not exists (select from mail_acknowledged a where a.who = p.who and a.at > %(before)s)
  order by place limit 1
  on conflict (who) do update set at = excluded.at
  where mail_acknowledged.at <= %(before)s
  returning who
)
select exists (select from about) as about, exists (select from place) as place
"""
# The first place that is free. Who takes it at the same moment is waited for, and leaves the next.
_ACKNOWLEDGE_ONE_OF = """
insert into mail_acknowledged (who, at)
select who, %(now)s from unnest(%(places)s::text[]) with ordinality p (who, place)
where not exists (select from mail_acknowledged a where a.who = p.who and a.at > %(before)s)
order by place limit 1
on conflict (who) do update set at = excluded.at
where mail_acknowledged.at <= %(before)s
returning who
"""
_ANY_FREE = """
select p.who from unnest(%(places)s::text[]) p (who)
where not exists (select from mail_acknowledged a where a.who = p.who and a.at > %(before)s)
limit 1
"""
_SENT_IDS = """
select o.message_id from outbox o join messages m on m.id = o.message
where m.case_id = %s and o.message_id is not null
order by m.created_at desc, m.id desc limit %s
"""


async def secret(tx: Tx, fresh: bytes) -> bytes:
    """Return our secret; `fresh` is kept when there is none yet."""
    row = await tx.one(_OUR_KEY) or await tx.one(_KEEP_KEY, (fresh,))
    return bytes(row["secret"]) if row else fresh


async def sent_message(tx: Tx, message: str) -> Row | None:
    return await tx.one(_MESSAGE, (message,))


async def join(tx: Tx, case: str, emails: Sequence[str], how: str) -> None:
    await tx.send(_JOIN, (case, how, tx.now, list(emails)))


async def people(tx: Tx, case: str, limit: int) -> list[Row]:
    return await tx.all(_PEOPLE, (case, limit))


async def acknowledge(tx: Tx, who: str, before: datetime) -> bool:
    """Note that `who` is answered now; False where that happened since `before`."""
    values = {"who": who, "now": tx.now, "before": before}
    return await tx.one(_ACKNOWLEDGE, values) is not None


async def acknowledge_both(
    tx: Tx, who: str, about_before: datetime, places: Sequence[str], before: datetime
) -> tuple[bool, bool]:
    """Note that `who` is answered now, and a place of theirs; says which of both was free.

    Where somebody took the place at the same moment, another one may still be free.
    """
    of_who = {"who": who, "about_before": about_before}
    of_places = {"places": list(places), "before": before, "now": tx.now}
    row = await tx.one(_ACKNOWLEDGE_BOTH, of_who | of_places) or {}
    return row["about"], row["place"]


async def acknowledge_one_of(tx: Tx, places: Sequence[str], before: datetime) -> bool:
    """Note an answer at the first place that has none since `before`; False where all have."""
    values = {"places": list(places), "now": tx.now, "before": before}
    for _ in places:
        if await tx.one(_ACKNOWLEDGE_ONE_OF, values):
            return True
        if not await tx.one(_ANY_FREE, values):
            return False
    return False


async def sent_ids(tx: Tx, case: str, limit: int) -> list[str]:
    return [row["message_id"] for row in await tx.all(_SENT_IDS, (case, limit))]
