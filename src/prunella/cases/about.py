"""One contact a matter: whoever comes second takes up what is open, on whatever channel."""

from prunella.cases.contact import Contact, find_open, open_contact
from prunella.cases.store_about import was_written
from prunella.cases.tier import Channel, Direction, Tier, deepest
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.people import of_stripe


async def contact_about(
    tx: Tx, customer: str, *, subject: str, channel: Channel, direction: Direction, tier: Tier
) -> Contact:
    """Return the open contact about `subject`, which has now reached `tier`, or open one."""
    known = await find_open(tx, customer, subject=subject)
    if known:
        return await known.touch(tx, tier)
    return await open_contact(
        tx, customer, channel=channel, direction=direction, tier=tier, subject=subject
    )


async def has_been_told(tx: Tx, contact: Contact) -> bool:
    """Whether we have written to the customer on this contact."""
    return await was_written(tx, contact.id)


async def on_paid(tx: Tx, event: Event) -> None:
    """End the contact about an invoice that Stripe shows as paid: confirmed, at its last tier."""
    customer = await of_stripe(tx, event.data["customer"] or "")
    contact = await find_open(tx, customer.id, subject=event.subject) if customer else None
    if contact:
        await contact.end(tx, tier=deepest(contact.tiers), confirmed=True)
