"""Mail on its way out. In production SMTP; in tests a fake that passes the same suite."""

from email.message import EmailMessage
from typing import Protocol

from prunella.connectors.mail.address import domain_of, is_address
from prunella.connectors.mail.errors import (
    MailError,
    MailPermanentError,
    MailSettingError,
    MailTransientError,
)
from prunella.connectors.mail.fake import MemoryMail
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
    "Mail",
    "MailError",
    "MailPermanentError",
    "MailSettingError",
    "MailTransientError",
    "MemoryMail",
    "SmtpMail",
    "domain_of",
    "is_address",
]
