"""SQL of the demo."""

from prunella.kit.clock import system_now
from prunella.kit.house import Tx

_WAITING = """
select (select count(*) from stripe_inbox where state = 'waiting')
     + (select count(*) from deliveries where not dead and next_at <= %s)
     + (select count(*) from timers where not dead and due_at <= %s)
     + (select count(*) from mail_in where state = 'waiting')
     + (select count(*) from outbox where state = 'waiting') as waiting
"""


async def waiting(tx: Tx) -> int:
    """Count what has happened or fallen due, and has not been taken in yet."""
    row = await tx.one(_WAITING, (system_now(), tx.now))
    return int(row["waiting"]) if row else 0
