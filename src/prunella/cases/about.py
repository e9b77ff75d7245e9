"""One contact a matter: whoever comes second takes up what is open, on whatever channel."""

from datetime import datetime

from prunella.cases import store_outbox
from prunella.cases.contact import Contact, all_open_about, find_open, is_owed, open_contact
from prunella.cases.tier import Channel, Direction, Tier, deepest
from prunella.kit.events import Event
from prunella.kit.house import Tx

MAX_LISTED = 20


async def contact_about(
    tx: Tx, customer: str, *, subject: str, channel: Channel, direction: Direction, tier: Tier
) -> Contact:
    """Return the open contact about `subject`, which has now reached `tier`, or open one.

    So one failed invoice is one contact, from our first mail to the customer's last click.
    """
    known = await find_open(tx, customer, subject=subject)
    if known is None:
        return await open_contact(
            tx, customer, channel=channel, direction=direction, tier=tier, subject=subject
        )
    if direction == "inbound":
        await known.see(tx)
    return await known.touch(tx, tier)


async def has_been_told(tx: Tx, contact: Contact) -> bool:
    """Whether a mail was written on this contact before."""
    return await store_outbox.written_to(tx, contact.id)


async def written_about(tx: Tx, customer: str, *, subject: str) -> list[datetime]:
    """Return when mails about `subject` were sent, newest first."""
    return await store_outbox.sent_about(tx, customer, subject, MAX_LISTED)


async def on_paid(tx: Tx, event: Event) -> None:
    """An invoice was paid or withdrawn: what was open about it is settled, as Stripe shows.

    Where a person still owes an answer, that answer settles it. Listener.
    """
    for contact in await all_open_about(tx, event.subject):
        if not await is_owed(tx, contact):
            await contact.end(tx, tier=deepest(contact.tiers), confirmed=True)


async def on_written_off(tx: Tx, event: Event) -> None:
    """An invoice was given up: its contacts end, and nothing confirms that they were settled."""
    for contact in await all_open_about(tx, event.subject):
        if not await is_owed(tx, contact):
            await contact.end(tx, tier=deepest(contact.tiers), confirmed=False)
