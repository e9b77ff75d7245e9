"""Rows of mail about one matter."""

from datetime import datetime

from prunella.kit.house import Tx

_WRITTEN = """
select coalesce(o.state_changed_at, m.created_at) as at
from contacts c join messages m on m.contact = c.id join outbox o on o.message = m.id
where c.customer = %s and c.subject = %s and o.state = 'sent'
order by m.id desc limit %s
"""


async def written(tx: Tx, customer: str, subject: str, limit: int) -> list[datetime]:
    return [row["at"] for row in await tx.all(_WRITTEN, (customer, subject, limit))]
