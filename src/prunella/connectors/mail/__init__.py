"""Mail: out over SMTP (in tests a fake that passes the same suite), in over IMAP and LMTP."""

from email.message import EmailMessage
from typing import Protocol

from prunella.connectors.mail.address import domain_of, is_address, is_public
from prunella.connectors.mail.errors import (
    MailError,
    MailPermanentError,
    MailSettingError,
    MailTransientError,
)
from prunella.connectors.mail.fake import MemoryMail
from prunella.connectors.mail.imap import ImapFolder, MailRefusedError
from prunella.connectors.mail.lmtp import LmtpServer
from prunella.connectors.mail.quoted import Folded, fold
from prunella.connectors.mail.smtp import SmtpMail


class Mail(Protocol):
    """Takes one message to where its To says."""

    async def send(self, message: EmailMessage) -> None:
        """Return once it was taken; raises `MailTransientError` or `MailPermanentError`."""
        ...

    async def greet(self) -> None:
        """Raise as `send` does when the server cannot be used."""
        ...


__all__ = [
    "Folded",
    "ImapFolder",
    "LmtpServer",
    "Mail",
    "MailError",
    "MailPermanentError",
    "MailRefusedError",
    "MailSettingError",
    "MailTransientError",
    "MemoryMail",
    "SmtpMail",
    "domain_of",
    "fold",
    "is_address",
    "is_public",
]
