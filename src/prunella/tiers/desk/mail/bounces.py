"""A mail of ours came back: its case is told, and a person looks for another way."""

from prunella import cases
from prunella.cases.mail import Settled
from prunella.connectors.mail.reading import Bounce
from prunella.kit.house import Tx

MAX_WORDS = 200


async def take_bounce(tx: Tx, bounce: Bounce) -> Settled:
    """Mark the mail that came back as failed. A mere delay, or what is not ours, is only kept."""
    ours = await cases.mail.genuine(tx, bounce.parents)
    if not ours or not bounce.final:
        return Settled(outcome="bounce", error=bounce.words)
    await cases.bounced(tx, ours[0], f"It came back: {bounce.words}"[:MAX_WORDS])
    message = await cases.get_message(tx, ours[0])
    return Settled(outcome="bounce", case=message.case_id if message else None, error=bounce.words)
