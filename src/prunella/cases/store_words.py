"""Rows of the words that cases are found by: what each is called, and all that was said on it."""

from psycopg.rows import DictRow

from prunella.kit.house import Tx

Row = DictRow
MAX_MESSAGES = 1_000
MAX_PART = 3_000
"""A part with more words than these is full: what is said then begins another one."""

_HEAD = """
select c.number, c.subject, c.about, c.tags, c.customer, u.stripe_customer, u.name, u.email
from cases c join customers u on u.id = c.customer where c.id = %s
"""
_ADD_HEAD = """
insert into case_heads (case_id, number, head)
values (%(case)s, %(number)s, array_to_tsvector(%(words)s::text[]))
on conflict (case_id) do nothing
"""
_CHANGE_HEAD = """
update case_heads set head = array_to_tsvector(%(words)s::text[])
where case_id = %(case)s and head <> array_to_tsvector(%(words)s::text[])
"""
_HEAD_CHANGED = """
update case_words w set head = h.head from case_heads h
where h.case_id = %(case)s and w.case_id = h.case_id and w.head <> h.head
"""
# Full parts come first, so that their number is that of the one which has room.
_ADD_SAID = """
insert into case_words as w (case_id, part, number, head, said)
select h.case_id,
  (select count(*) from case_words f where f.case_id = h.case_id and length(f.said) >= %(full)s),
  h.number, h.head, array_to_tsvector(%(words)s::text[])
from case_heads h where h.case_id = %(case)s
on conflict (case_id, part) do update set said = w.said || excluded.said
where w.said || excluded.said <> w.said
"""
_PUT_PART = """
insert into case_words as w (case_id, part, number, head, said)
select h.case_id, %(part)s, h.number, h.head, array_to_tsvector(%(words)s::text[])
from case_heads h where h.case_id = %(case)s
on conflict (case_id, part) do update set said = excluded.said where w.said <> excluded.said
"""
_DROP_PARTS = "delete from case_words where case_id = %s and part >= %s"
# Our letters have a look of their own, and words that stand in thousands of them.
_SAID = """
select concat_ws(' ', m.text, (select string_agg(a.name, ' ' order by a.id) from attachments a
  where a.message = m.id)) as text
from messages m
where m.case_id in (select id from cases where id = %(case)s or merged_into = %(case)s)
  and m.html is null
order by m.created_at, m.id limit %(limit)s
"""
_LAST_SAID = """
select c.id, m.text from unnest(%(cases)s::text[]) c (id) cross join lateral (
  select left(text, %(letters)s) as text from messages
  where case_id = c.id and html is null order by id desc limit %(each)s
) m
"""
_CASES_OF = "select id from cases where customer = %s order by id desc limit %s"
_TO_READ = "select case_id from cases_to_read order by case_id desc limit %s"
_READ = "delete from cases_to_read where case_id = any(%s)"


async def head(tx: Tx, case: str) -> Row | None:
    return await tx.one(_HEAD, (case,))


async def put_head(tx: Tx, case: str, *, number: int, words: list[str]) -> bool:
    """Add the row, or change it, and what was said with it; returns whether it is new."""
    values = {"case": case, "number": number, "words": words}
    if await tx.execute(_ADD_HEAD, values):
        return True
    changed = await tx.execute(_CHANGE_HEAD, values)
    if changed:
        await tx.execute(_HEAD_CHANGED, values)
    return bool(changed)


async def add_said(tx: Tx, case: str, words: list[str]) -> None:
    await tx.send(_ADD_SAID, {"case": case, "words": words, "full": MAX_PART})


async def put_parts(tx: Tx, case: str, parts: list[list[str]]) -> None:
    """Let these be all that was said."""
    for number, words in enumerate(parts):
        await tx.execute(_PUT_PART, {"case": case, "part": number, "words": words})
    await tx.execute(_DROP_PARTS, (case, len(parts)))


async def said(tx: Tx, case: str) -> list[str]:
    """Return what was said on the case, and on those that were merged into it."""
    rows = await tx.all(_SAID, {"case": case, "limit": MAX_MESSAGES})
    return [row["text"] for row in rows]


async def last_said(tx: Tx, cases: list[str], *, each: int, letters: int) -> list[Row]:
    """Return the beginning of what was said last on each of the cases, the newest first."""
    return await tx.all(_LAST_SAID, {"cases": cases, "each": each, "letters": letters})


async def cases_of(tx: Tx, customer: str, limit: int) -> list[str]:
    return [row["id"] for row in await tx.all(_CASES_OF, (customer, limit))]


async def to_read(tx: Tx, most: int) -> list[str]:
    """Return cases that an earlier version took the words of, the newest first."""
    return [row["case_id"] for row in await tx.all(_TO_READ, (most,))]


async def done_reading(tx: Tx, cases: list[str]) -> None:
    await tx.execute(_READ, (cases,))
