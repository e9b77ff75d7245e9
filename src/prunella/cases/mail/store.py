"""Rows of mail that came in. What waits is taken by lease; the lease counts as an attempt."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.rows import DictRow

from prunella.kit.clock import system_now
from prunella.kit.house import Tx

Row = DictRow
DOUBTED_AFTER = 2
"""Attempts that led to nothing: twice a worker's end may be chance."""

# First a look for the same mail, then for another one under its Message-ID.
_ADD = """
insert into mail_in (id, source, message_id, body_hash, first, envelope_from, envelope_to, raw,
  size, received_at, state, outcome, error, not_before)
select %(id)s, %(source)s, %(message_id)s, %(body_hash)s, not taken.yes, %(envelope_from)s,
  %(envelope_to)s, %(raw)s, %(size)s, %(now)s,
  case when taken.yes then 'aside' else %(state)s end, '',
  case when taken.yes then %(taken)s else %(error)s end, %(now)s
from (select exists (select from mail_in where message_id = %(message_id)s) as yes) taken
on conflict (message_id, body_hash) do update set copies = mail_in.copies + 1
returning id, (copies = 1) as fresh
"""
_TURN = "select pg_advisory_xact_lock(hashtextextended('mail_in:' || %s, 0))"
# Of what nobody who took it came through with, one is taken alone: so it alone is to blame.
_TAKE = """
with due as (
  select id, attempts, not_before from mail_in
  where state = 'waiting' and not_before <= %(now)s
  order by not_before, id limit %(most)s for update skip locked
), doubted as (
  select id from due where attempts >= %(doubted)s order by not_before, id limit 1
)
update mail_in set attempts = attempts + 1, not_before = %(until)s
where id in (
  select id from doubted union all select id from due where not exists (select from doubted)
)
returning id, source, message_id, envelope_from, envelope_to, raw, size, received_at, attempts
"""
_LOCK = "select id, outcome from mail_in where id = %s and state = 'waiting' for update"
_SETTLE = """
update mail_in set state = 'done', outcome = %(outcome)s, error = %(error)s, settled_at = %(now)s,
  sender = %(sender)s, sender_name = %(sender_name)s, subject = %(subject)s, cc = %(cc)s,
  verified = %(verified)s, html = %(html)s, message = %(message)s, case_id = %(case_id)s
where id = %(id)s
"""
_AGAIN = "update mail_in set not_before = %s, error = %s where id = %s and state = 'waiting'"
_ASIDE = """
update mail_in set state = 'aside', error = %s, settled_at = %s where id = %s and state = 'waiting'
"""
_RETRY = """
update mail_in set state = 'waiting', outcome = %s, attempts = 0, not_before = %s, error = ''
where id = %s and (state = 'aside' or outcome in ('machine', 'nothing')) and let_go_at is null
returning id
"""
_LISTED = """
select id, source, message_id, envelope_from, size, received_at, state, outcome, error, attempts,
  copies, sender, subject, verified, case_id, (let_go_at is null) as kept
from mail_in where (%(state)s::text is null or state = %(state)s)
order by received_at desc, id desc limit %(limit)s
"""
_ONE = """
select id, source, message_id, envelope_from, size, received_at, state, outcome, error, attempts,
  copies, sender, subject, verified, case_id, (let_go_at is null) as kept
from mail_in where id = %s
"""
_BY_HAND = """
update mail_in set state = 'done', outcome = %s, case_id = %s, settled_at = %s
where id = %s and state = 'aside' returning id
"""
_RAW = "select id, raw from mail_in where id = %s and let_go_at is null"
_LET_GO = """
with old as (
  select m.id from mail_in m
  where m.state = 'done' and m.let_go_at is null and m.received_at < %(before)s
    and not exists (select from cases c where c.id = m.case_id and c.status <> 'closed')
  order by m.received_at limit %(most)s for update of m skip locked
), gone as (
  update mail_in m set raw = '', let_go_at = %(now)s from old where m.id = old.id returning m.id
)
select count(*) as mails from gone
"""
_OF_MESSAGES = """
select id, message, sender, sender_name, cc, verified, outcome, (html <> '') as has_html
from mail_in where message = any(%s)
"""
_HTML = "select html, case_id from mail_in where message = %s order by id limit 1"
_NEWEST_IN = """
select message_id, sender, subject from mail_in where case_id = %s and message is not null
order by received_at desc, id desc limit %s
"""
_COUNTS = """
select count(*) filter (where state = 'waiting') as waiting,
  count(*) filter (where state = 'aside') as aside,
  min(received_at) filter (where state = 'waiting') as oldest
from mail_in where state in ('waiting', 'aside')
"""


async def add(tx: Tx, values: Mapping[str, Any]) -> Row:
    """Insert a mail, or count one more copy of it; those of one Message-ID take turns."""
    await tx.send(_TURN, (values["message_id"],))
    return await tx.one(_ADD, {"id": tx.new_id("mail"), "now": system_now(), **values}) or {}


async def take(tx: Tx, *, most: int, until: datetime) -> list[Row]:
    values = {"now": system_now(), "until": until, "most": most, "doubted": DOUBTED_AFTER}
    return await tx.all(_TAKE, values)


async def lock_waiting(tx: Tx, mail: str) -> Row | None:
    """Hold a mail that waits; its `outcome` is what a person asked for, or empty."""
    return await tx.one(_LOCK, (mail,))


async def settle(tx: Tx, mail: str, values: Mapping[str, Any]) -> None:
    await tx.send(_SETTLE, {"id": mail, "now": tx.now, **values})


async def again(tx: Tx, mail: str, at: datetime, error: str) -> None:
    await tx.execute(_AGAIN, (at, error, mail))


async def put_aside(tx: Tx, mail: str, error: str) -> None:
    await tx.execute(_ASIDE, (error, tx.now, mail))


async def retry(tx: Tx, mail: str, outcome: str) -> bool:
    return await tx.one(_RETRY, (outcome, system_now(), mail)) is not None


async def listed(tx: Tx, state: str | None, limit: int) -> list[Row]:
    return await tx.all(_LISTED, {"state": state, "limit": limit})


async def one(tx: Tx, mail: str) -> Row | None:
    return await tx.one(_ONE, (mail,))


async def settle_by_hand(tx: Tx, mail: str, outcome: str, case: str | None) -> bool:
    return await tx.one(_BY_HAND, (outcome, case, tx.now, mail)) is not None


async def let_go(tx: Tx, before: datetime, most: int) -> int:
    """Let go of taken mail from before then that no open case has; returns of how many."""
    values = {"before": before, "now": system_now(), "most": most}
    row = await tx.one(_LET_GO, values)
    return int(row["mails"]) if row else 0


async def raw_of(tx: Tx, mail: str) -> bytes | None:
    row = await tx.one(_RAW, (mail,))
    return bytes(row["raw"]) if row else None


async def of_messages(tx: Tx, messages: Sequence[str]) -> list[Row]:
    return await tx.all(_OF_MESSAGES, (list(messages),))


async def html_of(tx: Tx, message: str) -> Row | None:
    return await tx.one(_HTML, (message,))


async def newest_in(tx: Tx, case: str, limit: int) -> list[Row]:
    return await tx.all(_NEWEST_IN, (case, limit))


async def counts(tx: Tx) -> Row:
    return await tx.one(_COUNTS) or {}
