"""How often a machine of ours may answer: so seldom that no loop and no third party is served."""

import re
from datetime import timedelta

from prunella.cases.mail import store_threads as store
from prunella.kit.house import Tx

A_THREAD = timedelta(hours=1)
"""Between two automatic answers about the same."""
A_STRANGER = timedelta(days=1)
"""Between two automatic answers to a sender whom nobody has verified."""
MOST_A_DAY = 10
"""Automatic answers to one verified sender, whatever they write about."""
_PREFIX = re.compile(
    r"^(?:(?:re|aw|fwd?|wg|auto|automatic reply|out of office)\s*:\s*)+", re.IGNORECASE
)
_DAY = timedelta(days=1)


async def may_acknowledge(tx: Tx, *, sender: str, subject: str, verified: bool) -> bool:
    """Whether this sender gets an automatic answer now; that they do is noted."""
    who = sender.lower()
    if not verified:
        return await store.acknowledge(tx, f"stranger:{who}", tx.now - A_STRANGER)
    about = _PREFIX.sub("", subject.strip()).casefold()[:100]
    places, day_ago = [f"day:{place}:{who}" for place in range(MOST_A_DAY)], tx.now - _DAY
    seldom, placed = await store.acknowledge_both(
        tx, f"thread:{who}:{about}", tx.now - A_THREAD, places, day_ago
    )
    return seldom and (placed or await store.acknowledge_one_of(tx, places, day_ago))
