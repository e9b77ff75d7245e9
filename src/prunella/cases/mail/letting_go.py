"""Letting go of mail as it came, once it was taken, is old, and no open case may need it.

Its words, files and safe HTML stay with the case. What is aside waits for somebody's decision.
"""

from datetime import timedelta

from prunella import audit
from prunella.cases.mail import store
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import system_now
from prunella.kit.house import House

AT_ONCE = 500
MOST_BATCHES = 200
"""What is left after so many waits for the next day."""
LETTERBOX = "mail_in"


async def let_go(house: House, *, keep: timedelta) -> int:
    """Let go of mail older than `keep`, in batches that are each audited; returns of how many."""
    before, total = system_now() - keep, 0
    for _ in range(MOST_BATCHES):
        async with house.transaction(SYSTEM) as tx:
            count = await store.let_go(tx, before, AT_ONCE)
            if count:
                facts = {"mails": count, "older_than_days": keep.days}
                await audit.record(tx, "mail.let_go", LETTERBOX, after=facts)
        total += count
        if count < AT_ONCE:
            break
    return total
