"""One contact a matter: whoever comes second takes up what is open, on whatever channel."""

from prunella.cases.contact import Contact, find_open, open_contact
from prunella.cases.tier import Channel, Direction, Tier
from prunella.kit.house import Tx


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
