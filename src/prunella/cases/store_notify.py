"""Rows of what colleagues are told, and of the mails that gather it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg.rows import DictRow

from prunella.kit.house import Tx

Row = DictRow

_PAGE = """
select n.id, n.kind, n.case_id, c.number, c.subject, n.actor, n.created_at, n.read_at
from staff_notices n join cases c on c.id = n.case_id
where n.colleague = %(who)s and n.shown and (%(after)s::text is null or n.id < %(after)s)
order by n.id desc limit %(limit)s
"""
_UNREAD = """
select count(*) as number from (
  select from staff_notices where colleague = %s and shown and read_at is null limit %s
) found
"""
_IS_WHOSE = "select colleague from staff_notices where id = %s"
_READ = """
update staff_notices set read_at = %(now)s
where colleague = %(who)s and read_at is null
  and (%(notice)s::text is null or id = %(notice)s)
  and (%(case)s::text is null or case_id = %(case)s)
"""
# A case has few of a kind that nobody has read: one a colleague.
_SETTLE_KIND = """
update staff_notices set read_at = %(now)s
where kind = %(kind)s and case_id = %(case)s and read_at is null
"""
_ADD = """
insert into staff_notices (id, colleague, kind, case_id, actor, shown, to_mail, created_at)
values (%(id)s, %(who)s, %(kind)s, %(case)s, %(actor)s, %(shown)s, %(to_mail)s, %(now)s)
"""
_WAITS = """
select 1 as it from staff_notices
where colleague = %s and kind = %s and case_id = %s and read_at is null
  and (shown or to_mail) limit 1
"""
_WISHES = "select * from staff_notice_wishes where colleague = any(%s)"
_PUT_WISH = """
insert into staff_notice_wishes (colleague, kind, shown, mailed) values (%s, %s, %s, %s)
on conflict (colleague, kind) do update set shown = excluded.shown, mailed = excluded.mailed
"""
_ASSIGNEE = "select assignee from cases where id = %s"
_MAIL_IS_DUE = """
select 1 as it from timers where name = 'notices.mail' and subject = %s and not dead
"""
_ADD_MAIL = """
insert into staff_notice_mails (id, colleague, recipient, created_at) values (%s, %s, %s, %s)
"""
_ADD_LETTER = """
insert into staff_notice_mails (id, colleague, recipient, created_at, subject, text, html)
values (%(id)s, %(who)s, %(to)s, %(now)s, %(subject)s, %(text)s, %(html)s)
"""
_GATHER = """
update staff_notices set to_mail = false, mail = case when read_at is null then %(mail)s end
where colleague = %(who)s and to_mail
"""
_LET_GO = "update staff_notices set to_mail = false where colleague = %s and to_mail"
_NO_MAIL = "delete from staff_notice_mails where id = %s"
_MAIL = "select * from staff_notice_mails where id = %s and sent_at is null and error = ''"
_IN_MAIL = """
select n.kind, c.number, c.subject, c.id as case_id
from staff_notices n join cases c on c.id = n.case_id where n.mail = %s order by n.id limit %s
"""
_SETTLE = """
update staff_notice_mails set sent_at = %s, error = %s, subject = null, text = null, html = null
where id = %s
"""
_FORGET = """
update staff_notice_mails set subject = null, text = null, html = null, error = %(error)s
where created_at < %(before)s and text is not null
"""


async def page(tx: Tx, who: str, after: str | None, limit: int) -> list[Row]:
    return await tx.all(_PAGE, {"who": who, "after": after, "limit": limit})


async def unread(tx: Tx, who: str, limit: int) -> int:
    row = await tx.one(_UNREAD, (who, limit))
    return int(row["number"]) if row else 0


async def is_whose(tx: Tx, notice: str) -> str | None:
    row = await tx.one(_IS_WHOSE, (notice,))
    return row["colleague"] if row else None


async def read(tx: Tx, who: str, notice: str | None, case: str | None) -> int:
    return await tx.execute(_READ, {"who": who, "notice": notice, "case": case, "now": tx.now})


async def settle_kind(tx: Tx, kind: str, case: str) -> int:
    return await tx.execute(_SETTLE_KIND, {"kind": kind, "case": case, "now": tx.now})


async def add(tx: Tx, who: str, facts: Mapping[str, Any], *, shown: bool, to_mail: bool) -> None:
    keys = {"id": tx.new_id("ntc"), "who": who, "now": tx.now}
    await tx.execute(_ADD, {**facts, **keys, "shown": shown, "to_mail": to_mail})


async def waits(tx: Tx, who: str, kind: str, case: str) -> bool:
    return await tx.one(_WAITS, (who, kind, case)) is not None


async def wishes(tx: Tx, ids: list[str]) -> list[Row]:
    return await tx.all(_WISHES, (ids,))


async def put_wish(tx: Tx, who: str, kind: str, *, shown: bool, mailed: bool) -> None:
    await tx.execute(_PUT_WISH, (who, kind, shown, mailed))


async def assignee(tx: Tx, case: str) -> str | None:
    row = await tx.one(_ASSIGNEE, (case,))
    return row["assignee"] if row else None


async def mail_is_due(tx: Tx, who: str) -> bool:
    return await tx.one(_MAIL_IS_DUE, (who,)) is not None


async def gather(tx: Tx, who: str, recipient: str) -> str | None:
    """Put what waits and was not read into one mail; None where there is nothing."""
    mail = tx.new_id("ntm")
    await tx.execute(_ADD_MAIL, (mail, who, recipient, tx.now))
    await tx.execute(_GATHER, {"who": who, "mail": mail})
    if await in_mail(tx, mail, 1):
        return mail
    await tx.execute(_NO_MAIL, (mail,))
    return None


async def add_letter(tx: Tx, who: str, letter: Mapping[str, str]) -> str:
    """Keep a letter of its own; returns its id."""
    mail = tx.new_id("ntm")
    await tx.execute(_ADD_LETTER, {"id": mail, "who": who, "now": tx.now, **letter})
    return mail


async def forget_letters(tx: Tx, before: datetime, error: str) -> int:
    """Let go of what letters say that nobody took until then; returns how many."""
    return await tx.execute(_FORGET, {"before": before, "error": error})


async def let_go(tx: Tx, who: str) -> None:
    """Nobody can be written to: what waited for a mail does not any more."""
    await tx.execute(_LET_GO, (who,))


async def mail(tx: Tx, name: str) -> Row | None:
    return await tx.one(_MAIL, (name,))


async def in_mail(tx: Tx, mail: str, limit: int) -> list[Row]:
    return await tx.all(_IN_MAIL, (mail, limit))


async def settle(tx: Tx, mail: str, *, sent: bool, error: str) -> None:
    await tx.execute(_SETTLE, (tx.now if sent else None, error, mail))
