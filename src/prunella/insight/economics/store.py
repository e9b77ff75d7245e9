"""Counting outcomes. Reads the tables of the rooms `cases` and `mirror`; writes nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg.rows import DictRow

from prunella.kit.house import Tx

Row = DictRow

_TIERS = """
select t.tier,
  count(*) as arrived,
  count(*) filter (where o.tier = t.tier and o.confirmed) as confirmed,
  count(*) filter (where o.tier = t.tier and not o.confirmed) as assumed,
  sum(t.cost)::bigint as cost
from outcomes o cross join lateral unnest(o.tiers, o.costs) t(tier, cost)
where o.at >= %(since)s and o.at < %(until)s and o.currency = %(currency)s
group by t.tier
"""
# What was withdrawn brought nothing in, and what was paid before they wrote was not owed any more.
_RECOVERED = """
select count(distinct c.subject) as n
from outcomes o join contacts c on c.id = o.contact
join mirror_objects i on i.id = c.subject and i.kind = 'invoice' and i.status = 'paid'
where o.at >= %(since)s and o.at < %(until)s and o.currency = %(currency)s and o.confirmed
  and to_timestamp((i.data #>> '{status_transitions,paid_at}')::bigint)
    >= date_trunc('second', c.created_at)
"""
_OPEN = "select count(*) as n from contacts where ended_at is null and created_at < %(until)s"

# Each figure has its own condition; the page is the same. A contact opens its newest case.
_BEHIND = """
select c.id, c.customer, c.channel, c.direction, c.subject, c.created_at,
  o.tier, o.confirmed, coalesce(o.tiers, c.tiers) as tiers, o.cost, o.currency, o.at,
  (select k.id from cases k where k.contact = c.id order by k.id desc limit 1) as case_id
from contacts c left join outcomes o on o.contact = c.id
where (%(after)s::text is null or c.id < %(after)s)
  and case when %(figure)s = 'open'
    then c.ended_at is null and c.created_at < %(until)s
      and (%(tier)s::text is null or %(tier)s = any (c.tiers))
    else o.at >= %(since)s and o.at < %(until)s and o.currency = %(currency)s
      and (%(tier)s::text is null or o.tier = %(tier)s
        or (%(figure)s = 'arrived' and %(tier)s = any (o.tiers)))
      and (%(figure)s <> 'confirmed' or o.confirmed)
      and (%(figure)s <> 'assumed' or not o.confirmed)
      and (%(figure)s <> 'without_person' or o.tier <> 'human')
      and (%(figure)s <> 'recovered' or (o.confirmed and exists (
        select from mirror_objects i
        where i.id = c.subject and i.kind = 'invoice' and i.status = 'paid'
          and to_timestamp((i.data #>> '{status_transitions,paid_at}')::bigint)
            >= date_trunc('second', c.created_at))))
  end
order by c.id desc limit %(limit)s
"""


async def tiers(tx: Tx, window: Mapping[str, Any]) -> list[Row]:
    return await tx.all(_TIERS, dict(window))


async def recovered(tx: Tx, window: Mapping[str, Any]) -> int:
    row = await tx.one(_RECOVERED, dict(window))
    return int(row["n"]) if row else 0


async def open_contacts(tx: Tx, until: datetime) -> int:
    row = await tx.one(_OPEN, {"until": until})
    return int(row["n"]) if row else 0


async def behind(tx: Tx, where: Mapping[str, Any]) -> list[Row]:
    return await tx.all(_BEHIND, dict(where))
