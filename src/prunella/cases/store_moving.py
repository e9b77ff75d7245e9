"""Rows of cases that are merged, split, or given to somebody else. Their cases are held already."""

from collections.abc import Sequence

from prunella.kit.house import Tx

# Whatever was merged into it before goes along, so that one step always leads to the end.
_POINT_AT = "update cases set merged_into = %s where merged_into = %s"
_MOVE_MESSAGES = """
update messages set case_id = %(case)s, contact = %(contact)s where id = any(%(messages)s)
"""
_WITH_MERGED = "select id from cases where id = %(case)s or merged_into = %(case)s order by id"
# A contact that another case shares stays where it is.
_MOVE_CONTACT = """
update contacts c set customer = %(customer)s, subject = %(case)s
where c.id = (select contact from cases where id = %(case)s)
  and not exists (select 1 from cases k where k.contact = c.id and k.id <> %(case)s)
returning c.id
"""
_MOVE_CASE = """
update cases set customer = %(customer)s, contact = %(contact)s, reuse_key = id where id = %(case)s
"""
_MOVE_SAID = """
update messages set customer = %(customer)s
where case_id = %(case)s or (contact = %(contact)s and case_id is null)
"""


async def point_at(tx: Tx, case: str, target: str) -> None:
    await tx.execute(_POINT_AT, (target, case))


async def move_messages(tx: Tx, messages: Sequence[str], *, case: str, contact: str) -> None:
    keys = {"messages": list(messages), "case": case, "contact": contact}
    await tx.execute(_MOVE_MESSAGES, keys)


async def with_merged(tx: Tx, case: str) -> list[str]:
    return [row["id"] for row in await tx.all(_WITH_MERGED, {"case": case})]


async def move_contact(tx: Tx, case: str, customer: str) -> str | None:
    """Return the contact of the case, now this customer's; None where another case shares it."""
    row = await tx.one(_MOVE_CONTACT, {"case": case, "customer": customer})
    return row["id"] if row else None


async def move_case(tx: Tx, case: str, *, customer: str, contact: str) -> None:
    keys = {"case": case, "customer": customer, "contact": contact}
    await tx.execute(_MOVE_CASE, keys)
    await tx.execute(_MOVE_SAID, keys)
