"""What a raw mail says. Pure: the same bytes give the same answer, and nothing is fetched."""

from prunella.connectors.mail.reading.automatic import Machine
from prunella.connectors.mail.reading.bounce import Bounce
from prunella.connectors.mail.reading.forwarded import Forwarded
from prunella.connectors.mail.reading.mail import Incoming, UnreadableMailError, read
from prunella.connectors.mail.reading.names import Mailbox
from prunella.connectors.mail.reading.outside import message_id_of
from prunella.connectors.mail.reading.parts import Part

__all__ = [
    "Bounce",
    "Forwarded",
    "Incoming",
    "Machine",
    "Mailbox",
    "Part",
    "UnreadableMailError",
    "message_id_of",
    "read",
]
