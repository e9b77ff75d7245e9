"""Failures that no webhook told us of: found in the mirror once a day, and taken up bit by bit.

So an account that `prunella sync` filled gets its plans too, over some days, and nobody gets a
burst of letters.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from prunella import people
from prunella.kit.house import Tx
from prunella.kit.timers import Timer
from prunella.tiers.prevent import store_late as store
from prunella.tiers.prevent import store_notices
from prunella.tiers.prevent.planning import Planning
from prunella.tiers.prevent.recovery import Recovery
from prunella.tiers.prevent.store_late import Failing

DAILY = "prevent.late_daily"
DUE = "prevent.late"
"""The timer of one failed invoice whose plan is still to begin; its subject is the invoice."""
EVERYONE = "all"
PAGE = 100
A_DAY = timedelta(days=1)
DAYS_BETWEEN = 3
"""Between the beginnings of two plans of one customer, so that no weekend brings them together."""
MOST_DAYS = 30


@dataclass(frozen=True, slots=True)
class Late:
    """Begins plans that nothing else began."""

    recovery: Recovery

    async def begin(self, tx: Tx) -> None:
        """Set the daily look going, once for the whole installation."""
        if not await store_notices.is_armed(tx, DAILY, EVERYONE):
            await tx.arm(Timer(DAILY, EVERYONE, tx.now))

    async def on_daily(self, tx: Tx, timer: Timer) -> None:
        """Look for them, a page at a time. Handler of the timer `prevent.late_daily`."""
        after = (str(timer.data.get("customer", "")), str(timer.data.get("invoice", "")))
        found = await store.failing_without_plan(tx, after=after, limit=PAGE)
        for failing in found:
            await self._await_turn(tx, failing)
        if len(found) == PAGE:
            last = {"customer": found[-1].customer, "invoice": found[-1].invoice}
            await tx.arm(Timer(DAILY, EVERYONE, timer.due_at, last))
        else:
            await tx.arm(Timer(DAILY, EVERYONE, tx.now + A_DAY))

    async def on_due(self, tx: Tx, timer: Timer) -> None:
        """Begin the plan, if it is still open and failing. Handler of `prevent.late`."""
        customer = await people.of_stripe(tx, timer.data["customer"])
        if customer and await self.recovery.fails_still(tx, customer, timer.subject):
            await self.recovery.failed(tx, customer, timer.subject)

    async def _await_turn(self, tx: Tx, failing: Failing) -> None:
        if await store_notices.is_armed(tx, DUE, failing.invoice):
            return
        customer = await people.of_stripe(tx, failing.customer)
        if customer is None or not await self.recovery.fails_still(tx, customer, failing.invoice):
            return
        dunning = self.recovery.dunning
        days = days_to_wait(failing, spread=dunning.spread_days)
        at = Planning(dunning, customer.time_zone).begins_at(tx.now, days=days)
        await tx.arm(Timer(DUE, failing.invoice, at, {"customer": failing.customer}))


def days_to_wait(failing: Failing, *, spread: int) -> int:
    """From 1 on: a day of each customer's own, and their plans one after the other. Pure."""
    digest = hashlib.sha256(f"late:{failing.customer}".encode()).digest()
    own = int.from_bytes(digest[:8], "big") % spread
    return min(1 + own + failing.place * DAYS_BETWEEN, MOST_DAYS + spread)
