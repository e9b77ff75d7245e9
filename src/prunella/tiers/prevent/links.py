"""A payment page that closed before anything was paid: one letter, whose button opens a new one."""

from dataclasses import dataclass

from prunella import cases, people
from prunella.kit.house import Tx
from prunella.kit.timers import Timer
from prunella.people import Customer
from prunella.tiers.prevent.dunning import Dunning
from prunella.tiers.prevent.letters import Scribe, values_of

DUE = "prevent.link"


@dataclass(frozen=True, slots=True)
class Links:
    """Writes about a closed page once, as soon as it may."""

    dunning: Dunning
    scribe: Scribe

    async def closed(self, tx: Tx, customer: Customer, session: str) -> None:
        finding = await self.scribe.finding(tx, customer, session)
        if finding is None or customer.email is None:
            return
        contact = await cases.contact_about(
            tx,
            customer.id,
            subject=session,
            channel="mail",
            direction="outbound",
            tier="prevent",
        )
        if await cases.has_been_told(tx, contact):
            return
        at_once = not self.dunning.first_letter_waits
        free_at = await cases.may_write_at(tx, customer, at_once=at_once)
        if free_at > tx.now:
            await tx.arm(Timer(DUE, session, free_at, {"customer": customer.id}))
            return
        await self.scribe.write(
            tx,
            customer,
            "payment_link_expired",
            about=session,
            values=values_of(finding),
            contact=contact,
        )

    async def on_due(self, tx: Tx, timer: Timer) -> None:
        """Handler of the timer `prevent.link`."""
        customer = await people.find_customer(tx, timer.data["customer"])
        if customer:
            await self.closed(tx, customer, timer.subject)
