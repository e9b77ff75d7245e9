"""When we wrote to a customer about one matter."""

from datetime import datetime

from prunella.cases import store_written
from prunella.kit.house import Tx

MAX_LISTED = 20


async def written_about(tx: Tx, customer: str, *, subject: str) -> list[datetime]:
    """Return when mails about `subject` were sent, newest first; those that were not are left out."""
    return await store_written.written(tx, customer, subject, MAX_LISTED)
