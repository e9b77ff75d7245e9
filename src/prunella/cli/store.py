"""What `doctor` asks the database: its settings, its clock, and what stopped or waits too long."""

from dataclasses import dataclass, fields
from datetime import datetime

from psycopg import AsyncConnection

_SERVER = """
select current_setting('fsync') as fsync,
  current_setting('synchronous_commit') as synchronous_commit,
  current_setting('full_page_writes') as full_page_writes,
  current_setting('max_connections')::int as max_connections,
  clock_timestamp() as clock
"""
# Letters are written in business time: where that was moved ahead, none of them is late.
_STOPPED = """
select (select count(*) from procrastinate_jobs where status = 'failed') as jobs,
  (select count(*) from deliveries where dead) as deliveries,
  (select count(*) from timers where dead) as timers,
  (select count(*) from stripe_inbox where state = 'aside') as asides,
  (select count(*) from outbox where state = 'failed') as failed_mail,
  (select count(*) from mail_in where state = 'aside') as aside_mail,
  (select count(*) from mail_in
   where state = 'waiting' and received_at < %(now)s - interval '10 minutes') as untaken_mail,
  (select count(*) from staff_notice_mails where sent_at is null and error <> '') as notices,
  (select count(*) from hook_deliveries where state = 'failed') as hooks,
  (select count(*) from hook_endpoints where state in ('failing', 'gone')) as deaf_hooks,
  (select count(*) from outbox o join messages m on m.id = o.message
   where o.state = 'waiting' and m.created_at < %(now)s - interval '1 hour') as late_mail,
  (select count(*) from stripe_inbox
   where state = 'waiting' and received_at < %(now)s - interval '10 minutes') as late_events,
  (select count(*) from actions where state = 'unknown') as unknown_actions,
  (select max(created) from stripe_inbox) as newest_event,
  (select max(stopped_at) from brakes where lifted_at is null) as brake_since,
  (select count(*) from procrastinate_workers
   where last_heartbeat > %(now)s - interval '30 seconds') as workers,
  (select max(at) from automatic_alarms
   where lifted_at is null and at > %(now)s - interval '24 hours') as used_up_since
"""
# A price of a plan and one of an add-on may stand side by side: one that is known is enough.
_UNPLANNED = """
with sold as (
  select s.customer, item #>> '{price,id}' as price, exists (
    select from plan_refs r where r.ref in (
      item #>> '{price,id}', item #>> '{price,lookup_key}', item #>> '{price,product}')
  ) as known
  from mirror_objects s cross join jsonb_array_elements(s.data #> '{items,data}') item
  where s.kind = 'subscription' and not s.deleted
    and s.status in ('active', 'trialing', 'past_due', 'unpaid', 'paused')
    and not exists (
      select from customers c where c.stripe_customer = s.customer and c.plan is not null)
), nameless as (
  select customer from sold group by customer having not bool_or(known)
)
select price, count(distinct customer)::int as customers from sold
where customer in (select customer from nameless) and price is not null
group by price order by 2 desc, 1 limit %s
"""
GUARDS = (
    *("audit_entries_stay", "audit_entries_stay_whole"),
    *("audit_checkpoints_stay", "audit_checkpoints_stay_whole"),
    *("audit_keys_stay", "audit_keys_stay_whole"),
)
# Entries are stamped in business time: where that was moved ahead, none of them is late.
_LOG = """
select (select count(*) from pg_trigger where tgname = any(%(guards)s) and tgenabled = 'A'),
  cardinality(%(guards)s::text[]),
  (select count(*) from (
    select 1 from audit_entries
    where seq > coalesce((select seqs[cardinality(seqs)] from audit_tiles where level = 0
                          order by tile desc limit 1), 0)
      and at < %(now)s - interval '10 minutes' limit 10000) waiting),
  (select count(*) from audit_keys)
"""


@dataclass(frozen=True, slots=True)
class Server:
    """How PostgreSQL keeps what was committed, and what time it has."""

    fsync: str
    synchronous_commit: str
    full_page_writes: str
    max_connections: int
    clock: datetime


@dataclass(frozen=True, slots=True)
class Stopped:
    """Counts of what nobody goes on with by itself, or not soon."""

    jobs: int
    deliveries: int
    timers: int
    asides: int
    failed_mail: int
    aside_mail: int
    untaken_mail: int
    notices: int
    hooks: int
    deaf_hooks: int
    late_mail: int
    late_events: int
    unknown_actions: int
    newest_event: datetime | None
    brake_since: datetime | None
    workers: int
    used_up_since: datetime | None


async def server(conn: AsyncConnection) -> Server:
    row = await (await conn.execute(_SERVER)).fetchone()
    return Server(*(row or ("", "", "", 0, None)))


async def stopped(conn: AsyncConnection, now: datetime) -> Stopped:
    row = await (await conn.execute(_STOPPED, {"now": now})).fetchone()
    return Stopped(*(row or [0] * len(fields(Stopped))))


async def unplanned(conn: AsyncConnection, limit: int) -> list[tuple[str, int]]:
    """Return prices that belong to no plan, and how many customers pay nothing else."""
    rows = await (await conn.execute(_UNPLANNED, (limit,))).fetchall()
    return [(str(price), int(customers)) for price, customers in rows]


@dataclass(frozen=True, slots=True)
class Log:
    """How the audit log is guarded, what waits to be sealed, and how many keys signed."""

    guards: int
    guards_wanted: int
    late: int
    keys: int


async def log(conn: AsyncConnection, now: datetime) -> Log:
    row = await (await conn.execute(_LOG, {"now": now, "guards": list(GUARDS)})).fetchone()
    return Log(*(row or (0, 0, 0, 0)))
