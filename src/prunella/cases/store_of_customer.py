"""What there is of one account, for who looks everything up."""

from psycopg.rows import DictRow

from prunella.kit.house import Tx

Row = DictRow

_CASES = "select * from cases where customer = any(%s) order by id desc limit %s"
_CONTACTS = "select * from contacts where customer = any(%s) order by id desc limit %s"
_MESSAGE = "select * from messages where id = %s"
_LETTERS = """
select m.id, m.subject, m.created_at, o.recipient, o.state, o.state_changed_at as at, o.error
from messages m join contacts c on c.id = m.contact join outbox o on o.message = m.id
where c.customer = any(%s) order by m.id desc limit %s
"""


async def message(tx: Tx, name: str) -> Row | None:
    return await tx.one(_MESSAGE, (name,))


async def cases(tx: Tx, customers: list[str], limit: int) -> list[Row]:
    return await tx.all(_CASES, (customers, limit))


async def contacts(tx: Tx, customers: list[str], limit: int) -> list[Row]:
    return await tx.all(_CONTACTS, (customers, limit))


async def letters(tx: Tx, customers: list[str], limit: int) -> list[Row]:
    return await tx.all(_LETTERS, (customers, limit))
