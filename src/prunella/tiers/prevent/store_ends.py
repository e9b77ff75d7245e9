"""How plans ended at Stripe for want of a payment, as the mirror has it."""

from datetime import datetime, timedelta

from psycopg import AsyncConnection

from prunella.tiers.prevent.dunning import Dunning
from prunella.tiers.prevent.ends import WITHIN, EndsAtStripe, last_cut_off

# A plan put on hold says nothing of when; it counts, and tells no days.
_ENDED = """
select count(*),
  floor(min(extract(epoch from at.ended - bill.created)) / 86400)::int as soonest
from mirror_objects plan
left join mirror_objects bill on bill.id = coalesce(
  plan.data -> 'latest_invoice' ->> 'id', plan.data ->> 'latest_invoice')
cross join lateral (select to_timestamp((plan.data ->> 'ended_at')::bigint) as ended) at
where plan.kind = 'subscription' and not plan.deleted and (
  plan.status = 'canceled' and at.ended >= %(since)s
    and plan.data -> 'cancellation_details' ->> 'reason' = 'payment_failed'
  or plan.status = 'unpaid' and bill.created >= %(since)s)
"""
_LEFT = """
select count(*) from mirror_objects plan
join mirror_objects bill on bill.id = coalesce(
  plan.data -> 'latest_invoice' ->> 'id', plan.data ->> 'latest_invoice')
where plan.kind = 'subscription' and not plan.deleted and plan.status = 'past_due'
  and bill.status = 'open' and bill.created < %(before)s
  and bill.data ->> 'next_payment_attempt' is null
"""


async def ends_at_stripe(conn: AsyncConnection, dunning: Dunning, now: datetime) -> EndsAtStripe:
    """Look at the mirror through a plain connection, as `doctor` has one."""
    before = now - timedelta(days=last_cut_off(dunning) + 1)
    ended = await (await conn.execute(_ENDED, {"since": now - WITHIN})).fetchone()
    left = await (await conn.execute(_LEFT, {"before": before})).fetchone()
    count, soonest = ended or (0, None)
    return EndsAtStripe(ended=count, soonest_days=soonest, left=left[0] if left else 0)
