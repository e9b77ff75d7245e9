"""What prevent listens to. Every listener looks at the state again; none trusts the event."""

from dataclasses import dataclass

from prunella import cases, mirror, people
from prunella.actions import Door
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.people import Customer
from prunella.tiers.prevent.dunning import Dunning
from prunella.tiers.prevent.late import Late
from prunella.tiers.prevent.letters import Scribe
from prunella.tiers.prevent.links import Links
from prunella.tiers.prevent.notices import Notices
from prunella.tiers.prevent.recovery import Recovery
from prunella.tiers.prevent.unusual import upcoming_of

_DONE = frozenset({"solved", "closed"})


@dataclass(frozen=True, slots=True)
class Prevent:
    """The plans of failed invoices, closed payment pages, and notices ahead of time."""

    recovery: Recovery
    notices: Notices
    links: Links
    late: Late

    @classmethod
    def build(cls, dunning: Dunning, scribe: Scribe, door: Door) -> "Prevent":
        recovery = Recovery(dunning, scribe, door)
        return cls(recovery, Notices(dunning, scribe), Links(dunning, scribe), Late(recovery))

    async def begin(self, tx: Tx) -> None:
        """Whenever a process starts: the rules of letters as content has them, the daily looks."""
        await cases.set_letter_rules(tx, self.recovery.dunning.rules)
        await self.notices.begin(tx)
        await self.late.begin(tx)

    async def on_payment_failed(self, tx: Tx, event: Event) -> None:
        customer = await _customer(tx, event)
        if customer:
            await self.recovery.failed(tx, customer, event.subject)

    async def on_invoice_changed(self, tx: Tx, event: Event) -> None:
        customer = await _customer(tx, event)
        if customer:
            await self.recovery.look(tx, customer, event.subject)

    async def on_customer_changed(self, tx: Tx, event: Event) -> None:
        customer = await _customer(tx, event)
        if customer:
            await self.recovery.look_at_all(tx, customer)

    async def on_case_opened(self, tx: Tx, event: Event) -> None:
        """A person has taken over."""
        customer = await people.find_customer(tx, event.customer or "")
        if customer:
            await self.recovery.look_at_all(tx, customer)

    async def on_case_set(self, tx: Tx, event: Event) -> None:
        """A person takes it up again, or is done with it."""
        customer = await people.find_customer(tx, event.customer or "")
        if customer is None:
            return
        await self.recovery.look_at_all(tx, customer)
        if event.data["status"] in _DONE:
            await self.recovery.go_on_after_person(tx, customer)

    async def on_checkout_expired(self, tx: Tx, event: Event) -> None:
        customer = await _customer(tx, event)
        if customer:
            await self.links.closed(tx, customer, event.subject)

    async def on_trial_ending(self, tx: Tx, event: Event) -> None:
        customer = await _customer(tx, event)
        if customer:
            await self.notices.trial_ending(tx, customer, event.subject)

    async def on_bill_coming(self, tx: Tx, event: Event) -> None:
        customer = await _customer(tx, event)
        payload = await mirror.payload_of(tx, event.data["event"])
        upcoming = upcoming_of(payload) if payload else None
        if customer and upcoming:
            await self.notices.bill_coming(tx, customer, upcoming)


async def _customer(tx: Tx, event: Event) -> Customer | None:
    return await people.of_stripe(tx, event.data["customer"] or "")
